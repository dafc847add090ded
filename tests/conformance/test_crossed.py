"""The tables, crossed by hand: what one operator comes to, state by state."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from policylang.syntax.grammar import grammar_text
from tests.conformance import run
from tests.conformance.crossed import suites_of
from tests.conformance.document import DATA, Case, read, tables

TABLES = sorted(DATA.glob("operators_*.toml"))

LESS = {
    "kind": "operators",
    "title": "one operator",
    "operators": [
        {"name": "less", "type": "percent", "test": "{x} < 50", "true": ["49"], "false": ["50"], "default": True}
    ],
}


@cache
def found() -> dict[tuple[str, str, str], str]:
    """Decisions by (crossing, state, value)."""
    (suite,) = suites_of("one", LESS)
    decisions = {}
    for case in suite.cases:
        crossing, _, rest = case.name.partition(": ")
        state, _, value = rest.partition(" ")
        decisions[crossing, state, value] = case.steps[0].expect["decision"]
    return decisions


@pytest.mark.parametrize(
    ("crossing", "state", "value", "decision"),
    [
        ("less_required_bare_deny", "value", "49", "denied"),
        ("less_required_bare_deny", "value", "50", "allow"),
        ("less_required_bare_deny", "absent", "", "credential_refused"),
        ("less_required_bare_deny", "null", "", "credential_refused"),
        ("less_required_bare_deny", "wrong", '"3"', "credential_refused"),
        ("less_required_bare_deny", "outside", "101", "credential_refused"),
        ("less_required_bare_deny", "twice", "49", "credential_refused"),
        ("less_required_bare_allow", "value", "49", "allow"),
        ("less_required_bare_allow", "value", "50", "no_allow"),
        ("less_required_bare_negated", "value", "49", "no_allow"),
        ("less_required_bare_unless", "value", "50", "denied"),
        ("less_optional_present_and_deny", "absent", "", "allow"),
        ("less_optional_absent_or_deny", "absent", "", "denied"),
        ("less_optional_coalesced_deny", "absent", "", "denied"),
        ("less_optional_absent_or_deny", "null", "", "credential_refused"),
        ("less_nullable_absent_or_deny", "null", "", "denied"),
        ("less_pinned_bare_deny", "wrong", "3.0", "denied"),
        ("less_pinned_bare_deny", "twice", "49", "credential_refused"),
        ("less_fact_bare_deny", "down", "", "deny_fault"),
        ("less_fact_bare_allow", "down", "", "allow_fault"),
        ("less_fact_bare_shadow", "down", "", "allow"),
        ("less_fact_bare_select", "down", "", "policy_fault"),
        ("less_fact_bare_deny", "absent", "", "denied"),
        ("less_capture_bare_deny", "wrong", "101", "no_route"),
    ],
)
def test_a_crossing_comes_to(crossing: str, state: str, value: str, decision: str) -> None:
    assert found()[crossing, state, value] == decision


def test_a_payload_is_written_as_the_state_says() -> None:
    (suite,) = suites_of("one", LESS)
    payloads = {case.name: case.steps[0].ask.payload or b"" for case in suite.cases}
    assert payloads["less_required_bare_deny: wrong 3.0"].endswith(b', "x": 3.0}')
    assert payloads["less_required_bare_deny: twice 49"].endswith(b', "x": 49, "x": 49}')
    assert b'"realm_access": {"x": 49}' in payloads["less_nested_present_and_deny: value 49"]
    assert b'"realm_access": null' in payloads["less_nested_present_and_deny: parent_null "]
    assert b'"https://example.test/x": 50' in payloads["less_url_named_bare_allow: value 50"]


def states_by_operator(path: Path) -> dict[str, set[str]]:
    states = defaultdict(set)
    operators = read(path)["operators"]
    for suite in run.suites_of(path):
        for case in suite.cases:
            states[owner(case, operators)].add(case.name.partition(": ")[2].partition(" ")[0])
    return states


def owner(case: Case, operators: list[dict[str, str]]) -> str:
    fitting = [one["name"] for one in operators if case.name.startswith(f"{one['name']}_")]
    return max(fitting, key=len)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_operator_meets_every_state(path: Path) -> None:
    states = states_by_operator(path)
    for operator in read(path)["operators"]:
        wanted = {"value", "absent", "null", "wrong", "twice", "down"}
        wanted |= {"outside"} if tables()["types"][operator["type"]]["outside"] else set()
        assert wanted <= states[operator["name"]], operator["name"]


def test_every_operator_of_the_grammar_is_in_a_table() -> None:
    grammar = grammar_text()
    spelled = {
        "compare": ("==", "!=", "<", "<=", ">", ">="),
        "member": ("in",),
        "not_member": ("not in",),
        "any_of": ("any of",),
        "all_of": ("all of",),
        "older": ("older than",),
        "starts": ("starts with",),
        "ends": ("ends with",),
        "matches": ("matches",),
        "arith": ("+", "-"),
        "not_": ("not",),
        "and_": ("and",),
        "or_": ("or",),
        "present": ("present",),
        "absent": ("absent",),
        "coalesce_": ("??",),
        "issuer_is": ("issuer is",),
        "issuer_is_not": ("issuer is not",),
    }
    section = grammar[grammar.index("?expr:") : grammar.index("?primary:")]
    aliases = {line.rsplit("-> ", 1)[1].split()[0] for line in section.splitlines() if "-> " in line}
    assert aliases == set(spelled)
    texts = " ".join(path.read_text(encoding="utf-8") for path in DATA.glob("*.toml"))
    for words in spelled.values():
        for word in words:
            assert f"{word} " in texts, word


def test_the_states_of_a_declaration_are_told_in_json() -> None:
    for term in tables()["types"].values():
        for text in [*term["wrong"], *term["outside"]]:
            json.loads(text)


def test_values_of_a_type_do_not_stand_on_both_sides() -> None:
    for operator in [operator for path in TABLES for operator in read(path)["operators"]]:
        term = tables()["types"][operator["type"]]
        listed = [set(operator["true"]), set(operator["false"]), set(term["wrong"]), set(term["outside"])]
        assert len(set().union(*listed)) == sum(map(len, listed)), operator["name"]
