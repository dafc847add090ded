"""Automatic fixes keep verdicts: rule sets with idle pieces planted in them decide the same when the pieces are gone.

A fix that says nothing of a change keeps the whole decision. One that says what it changes takes away a rule that has
held for no request since, or an entry of a list that another one holds: what is allowed and what is denied stays.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from policylang.compiler import compile_tree
from policylang.linter.config import Config
from policylang.linter.fix import fix
from policylang.linter.lint import LintResult, lint
from policylang.source.tree import tree_of
from tests.strategies import pool
from tests.strategies.checking import Case, cases
from tests.strategies.draws import pick, some
from tests.strategies.engines import alone
from tests.strategies.profile import examples

AT = pool.BASE - 100
"""The instant that the linter judges by: before all that is asked."""

TESTS = (
    'not client.ip in ["10.0.0.0/8"]',
    'not (peer.ip in ["fd00::/8", "192.0.2.7/32"])',
    'not (client.ip not in ["2001:db8::/32"])',
    'client.ip in ["10.0.0.0/8", "192.0.2.7/32", "10.1.0.0/16"]',
    'peer.ip not in ["10.1.0.0/16", "10.1.2.0/24", "10.0.0.0/8", "192.0.2.7/32"]',
    'client.ip in ["0.0.0.0/0"] or peer.ip in ["fd00::/8"] or client.ip in ["0.0.0.0/0"]',
    'client.ip in ["0.0.0.0/0"] and peer.ip in ["10.0.0.0/8"] and peer.ip in ["10.0.0.0/8"]',
)
"""Conditions that a fix makes shorter."""

AMOUNTS = ("rate 10000 per 86400s burst 12345", "rate 3 per 3600s burst 2", "quota 54321 per 3600s from first use")


@st.composite
def planted(draw: DrawFn) -> tuple[Case, str, int]:
    """A case, its source with idle pieces in it, and how many fixes there must be at least."""
    case = draw(cases(6))
    routes = [name for name, route in case.kept.module.routes.items() if route.patterns]
    items = list(case.kept.items)
    pieces = some(draw, TESTS, 1, 3)
    for number, test in enumerate(pieces):
        effect = pick(draw, ("shadow deny", "shadow deny", "deny", "allow"))
        items.append(f"{effect} z{number} on {pick(draw, routes)} when {test}")
    items.append(f"limit zl on {pick(draw, routes)} by route {{ {pick(draw, AMOUNTS)} on outage deny }}")
    items.append(f"allow over on {pick(draw, routes)} always until {pool.instant(AT - 1)}")
    items.append("# lint: allow L001 nothing here is so\n")
    return case, case.rule_set.text(tuple(items)), len(pieces) + 3


def linted(text: str) -> LintResult:
    compiled = compile_tree(tree_of({"a.rules": text}), None)
    assert compiled.plan is not None, compiled.diagnostics
    return lint(compiled, Config(), AT)


@given(planted())
@examples(8)
def test_what_is_fixed_decides_as_before(given_: tuple[Case, str, int]) -> None:
    case, text, least = given_
    before = linted(text)
    fixed = fix(before)
    assert fixed.count >= least
    assert fixed.changes
    assert before.plan is not None
    assert fixed.result.plan is not None
    for question in case.questions:
        was, became = alone(before.plan, question), alone(fixed.result.plan, question)
        if (was.kind, became.kind) == ("credential_required", "no_allow"):
            continue  # the allow that is over was the only one: no credential could have helped, and now that is said
        assert became == was


@given(planted())
@examples(5)
def test_a_fix_that_says_nothing_of_a_change_changes_nothing(given_: tuple[Case, str, int]) -> None:
    case, text, _ = given_
    before = linted(text)
    silent = {number: one for number, one in before.fixes.items() if not one.changes}
    config = replace(before.config, severity={"L024": "off", "L040": "off"})
    fixed = fix(replace(before, fixes=silent, config=config))
    assert fixed.count >= len(silent)
    assert not fixed.changes
    assert before.plan is not None
    assert fixed.result.plan is not None
    for question in case.questions:
        assert alone(fixed.result.plan, question) == alone(before.plan, question)
