import dataclasses
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylang.check import rules
from policylang.check.check import check
from policylang.check.environment import CellEnv
from policylang.check.infer import check_condition
from policylang.source.spans import Span
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse
from tests.policylang.check.rule_sets import CORP, HEALTH, ORDERS, checked, issuer, route, sound

DATA = Path(__file__).parents[2] / "data"
SAMPLES = [DATA / "sample.rules", *sorted((DATA / "situations").glob("*.rules"))]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_sample_and_the_situations_from_practice_are_sound(path: Path) -> None:
    tree = tree_of({path.name: path.read_text(encoding="utf-8")})
    parsed = parse(tree)
    assert parsed.diagnostics == ()
    result = check(parsed.rule_set, tree, None)
    assert [(d.code, d.title) for d in result.diagnostics] == []
    assert result.module is not None


def test_there_are_samples() -> None:
    assert len(SAMPLES) == 11


def test_nothing_at_all_is_a_rule_set() -> None:
    assert checked("").module is not None


def test_complaints_stand_in_the_order_of_the_source() -> None:
    text = "policy p { quota 0 per day }\ndeny x on orders when claims.risk > 5\nallow y on all always\nsecret s\n"
    found = checked(text + CORP + ORDERS).diagnostics
    assert [d.code for d in found] == ["R733", "R259", "R204", "R284", "R734"]
    assert [d.span for d in found] == sorted(d.span for d in found)


def test_warnings_do_not_stand_in_the_way() -> None:
    result = checked("secret s\n" + CORP + ORDERS)
    assert [d.severity for d in result.diagnostics] == ["warning"]
    assert result.module is not None


def test_an_error_leaves_no_module() -> None:
    assert checked(ORDERS).module is None


def without_places(value: Any) -> Any:
    """A module as data in which no place in the source counts."""
    match value:
        case Span():
            return None
        case Mapping():
            return {key: without_places(inner) for key, inner in sorted(value.items())}
        case tuple():
            return tuple(without_places(inner) for inner in value)
    if dataclasses.is_dataclass(value):
        return {field.name: without_places(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


ITEMS = (
    CORP,
    *ORDERS.strip().splitlines(),
    *HEALTH.strip().splitlines(),
    issuer("bots"),
    *route("shop", "tags internal", trust="bots, corp, anonymous").strip().splitlines(),
    'policy free { quota 10 per day  grants "b", "a" }',
    "policy gold { rate 5 per 1s burst 5 }",
    "metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }",
    "let own = claims.tenant == path.tenant",
    'select policies on orders { add free when claims.plan == "free"  add gold otherwise }',
    "deny cross on routes with path.tenant when not own",
    "deny inside on routes tagged internal when issuer is corp and metadata.blocked",
    'request headers on orders { set X-User "{claims.sub}"  remove Cookie }',
    "response headers on all { remove Server }",
    'identity token tok on orders { audience "a"  subject claims.sub  lifetime 60s  header X-Identity }',
    "limit lim on orders, health by client.ip { rate 5 per 1s burst 5  on outage deny }",
)


@given(st.permutations(ITEMS))
@settings(max_examples=10)
def test_the_order_of_items_means_nothing(items: Sequence[str]) -> None:
    usual, other = checked("\n".join(ITEMS)).module, checked("\n".join(items)).module
    assert usual is not None
    assert without_places(other) == without_places(usual)


def test_the_module_has_no_second_look_at_the_source() -> None:
    module = sound("".join(f"{item}\n" for item in ITEMS if item not in (CORP, *ORDERS.strip().splitlines())))
    assert list(module.routes) == sorted(module.routes)
    assert list(module.issuers) == sorted(module.issuers)
    assert [rule.name for rule in module.rules if rule.effect == "deny"] == ["cross", "inside"]
    assert {rule.name: rule.routes for rule in module.rules}["cross"] == ("orders",)


WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w-]*:?|\d[\w:\-]*|\.\w+|\s+|.', re.DOTALL)


def mangled(text: str, others: Sequence[str], seed: int) -> str:
    """The text with a few words taken out, doubled or exchanged."""
    rng = random.Random(seed)
    words = WORDS.findall(text)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(words))
        words[at] = rng.choice(("", f"{words[at]} {words[at]}", rng.choice(others), rng.choice(others)))
    return "".join(words)


@given(st.integers(0, 2**32), st.sampled_from(SAMPLES))
@settings(max_examples=60)
def test_any_rule_set_gets_an_answer_within_its_files(seed: int, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = tree_of({"a.rules": mangled(text, [word for word in WORDS.findall(text) if not word.isspace()], seed)})
    result = check(parse(tree).rule_set, tree, None)
    for diagnostic in result.diagnostics:
        assert diagnostic.labels
        for label in diagnostic.labels:
            assert label.span.file == 0
            assert 0 <= label.span.start <= label.span.end <= len(tree.files[0].text)


def test_the_answer_does_not_depend_on_hashing() -> None:
    program = (
        "from policylang.source.tree import tree_of\nfrom policylang.syntax.parse import parse\n"
        "from policylang.check.check import check\nimport sys\n"
        "tree = tree_of({'a.rules': sys.stdin.read()})\nresult = check(parse(tree).rule_set, tree, None)\n"
        "print(result)"
    )
    text = "language 1\n" + "\n".join(ITEMS).replace("grants", 'grants "x", "x", ').replace("claims.sub", "claims.sbu")
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], input=text, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(answers) == 1


def large(routes: int) -> Iterator[str]:
    """Four rules for each route: two of its own, one over all of one tag, one over everything."""
    yield "language 1"
    yield CORP
    yield issuer("bots", claims="sub: text  tenant: slug  scope: set of text")
    yield "metadata { fresh within 30s  roles: set of slug default [] }"
    yield "policy free { rate 5 per 1s burst 10 }\nselect policy on all { use free otherwise }"
    for i in range(routes):
        yield (
            f'route r{i} {{ match GET, POST on "/s{i}/{{tenant: slug}}/**"  trust corp, bots  '
            f'upstream "http://127.0.0.1:9000"  tags t{i % 50} }}\n'
            f'allow read{i} on r{i} for GET when "s{i}:read" in claims.scope\n'
            f"deny cross{i} on r{i} when claims.tenant != path.tenant\n"
            f'deny inside{i} on routes tagged t{i % 50} for GET when "blocked{i}" in metadata.roles\n'
            f'deny global{i} on all when claims.sub == "u{i}"\n'
            f'request headers on r{i} {{ set X-User "{{claims.sub}}" }}'
        )


def calls_to_check(routes: int) -> int:
    """How many functions a check of so many routes calls."""
    tree = tree_of({"a.rules": "\n".join(large(routes))})
    parsed = parse(tree)
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        result = check(parsed.rule_set, tree, None)
    finally:
        sys.setprofile(None)
    assert result.module is not None
    return calls


def test_the_work_grows_with_the_rule_set_and_not_with_its_square() -> None:
    calls_to_check(10)
    few, many = calls_to_check(60), calls_to_check(240)
    assert many < few * 4 * 1.15


def test_ten_thousand_rules_over_many_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule is judged on the two kinds of cell that there are, however many routes it reaches."""
    judged: list[int] = []

    def counted(expr: Any, cells: Sequence[CellEnv], *rest: Any, **named: Any) -> Any:
        judged.append(len(cells))
        return check_condition(expr, cells, *rest, **named)

    monkeypatch.setattr(rules, "check_condition", counted)
    tree = tree_of({"a.rules": "\n".join(large(2_500))})
    parsed = parse(tree)
    result = check(parsed.rule_set, tree, None)
    assert result.module is not None
    assert len(result.module.rules) == 10_000
    assert judged == [2] * 10_000
