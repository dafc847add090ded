"""Comparisons: kinds, order, and what ranges decide."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.syntax import nodes
from tests.policylang.check.expr_world import codes, tree, typed

WORLD = """
issuer a {{ claims {{ x: int {0}..{1}  y: int {2}..{3} }} }}
route r {{ match GET on "/r" trust a }}
"""
OPS: tuple[nodes.CompareOp, ...] = ("==", "!=", "<", "<=", ">", ">=")


def holds(op: str, left: int, right: int) -> bool:
    return {"==": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right}.get(
        op, left >= right
    )


@given(st.sampled_from(OPS), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_ranges_decide_exactly(op: nodes.CompareOp, ends: list[int]) -> None:
    (a, b), (c, d) = sorted(ends[:2]), sorted(ends[2:])
    answers = {holds(op, x, y) for x, y in product(range(a, b + 1), range(c, d + 1))}
    found = codes(f"claims.x {op} claims.y", "r", around=WORLD.format(a, b, c, d))
    assert found == ([] if len(answers) == 2 else ["R244"])


@given(st.sampled_from(OPS), st.lists(st.integers(0, 4), min_size=2, max_size=2), st.integers(-1, 5), st.booleans())
def test_constants_decide_exactly(op: nodes.CompareOp, ends: list[int], constant: int, turned: bool) -> None:
    low, high = sorted(ends)
    text = f"{constant} {op} claims.x" if turned else f"claims.x {op} {constant}"
    sides = [(constant, x) if turned else (x, constant) for x in range(low, high + 1)]
    answers = {holds(op, *pair) for pair in sides}
    found = codes(text, "r", around=WORLD.format(low, high, 0, 0))
    assert bool(found) is (len(answers) == 1)
    assert set(found) <= {"R244", "R233"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claims.level == 3", "(== claims.level 3)"),
        ("3 < claims.level", "(< 3 claims.level)"),
        ("path.tenant != claims.tenant", "(!= path.tenant claims.tenant)"),
        ("claims.admin == false", "(== claims.admin False)"),
        ("claims.admin != true", "(!= claims.admin True)"),
        ('claims.flags == ["y", "x"]', "(== claims.flags {x, y})"),
        ("claims.scope != []", "(!= claims.scope {})"),
        ("claims.flags == claims.scope", "(== claims.flags claims.scope)"),
        ("claims.email == claims.sub", "(== claims.email claims.sub)"),
        ('"gold" == claims.plan', "(== 'gold' claims.plan)"),
    ],
)
def test_comparisons(text: str, expected: str) -> None:
    assert tree(text, "own") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claims.admin == 1", ["R219"]),
        ("claims.level == true", ["R219"]),
        ('claims.level == "3"', ["R219"]),
        ("claims.scope == claims.sub", ["R219"]),
        ("claims.admin == claims.level", ["R219"]),
        ("claims.nets == claims.nets", ["R219"]),
        ("claims.scope == claims.nets", ["R219"]),
        ("claims.scope < claims.scope", ["R220"]),
        ("claims.admin < true", ["R220"]),
        ("claims.level < true", ["R220"]),
        ('claims.sub < "a"', ["R220"]),
        ("claims.auth_time == 3", ["R221"]),
        ("claims.level < claims.auth_time", ["R221"]),
        ('client.ip == "10.0.0.1"', ["R223"]),
        ('claims.home == "10.0.0.0/8"', ["R223"]),
        ("client.ip != claims.home", ["R223"]),
        ("(claims.level > 3) == claims.admin", ["R228"]),
        ("claims.admin == (claims.level > 3)", ["R228"]),
        ("true == false", ["R244"]),
        ("3 > 2", ["R244"]),
        ('claims.tier == "b2"', ["R232"]),
        ("claims.plan == claims.tier", ["R244"]),
        ("claims.tenant == claims.email", ["R244"]),
        ("claims.level == claims.level + 0", []),
        ("claims.rsik == claims.lvl", ["R201", "R201"]),
        ('claims.rsik == "{claims.sub}"', ["R201"]),
        ('claims.level == "{claims.sub}"', ["R219"]),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    assert codes(text, "own") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 == claims.admin", ["R219"]),
        ("true == claims.level", ["R219"]),
        ('"3" == claims.level', ["R219"]),
        ("true > claims.level", ["R220"]),
        ('"a" > claims.sub', ["R220"]),
        ("3 == claims.auth_time", ["R221"]),
        ('"10.0.0.1" == client.ip', ["R223"]),
        ('"b2" == claims.tier', ["R232"]),
    ],
)
def test_the_same_mistakes_with_the_constant_first(text: str, expected: list[str]) -> None:
    assert codes(text, "own") == expected


def test_a_decided_comparison_says_how() -> None:
    complaint = typed("claims.level > 9", "own")[1][0]
    assert complaint.title == "this comparison is always false"
    assert complaint.labels[0].text == "int 0..9 beside 9"
    assert typed("10 > claims.level", "own")[1][0].title == "this comparison is always true"
