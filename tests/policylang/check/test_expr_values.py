"""Values: references, `??` and sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policylang.check.expr_world import codes, tree

WORLD = """
issuer a {{ claims {{ x: int {0}..{1}  y: int {2}..{3} }} }}
route r {{ match GET on "/r" trust a }}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(claims.risk ?? 3) > 5", "(> (?? claims.risk? 3) 5)"),
        ("(claims.risk ?? claims.level) > 5", "(> (?? claims.risk? claims.level) 5)"),
        ('(claims.nick ?? claims.tenant) == "x"', "(== (?? claims.nick? claims.tenant) 'x')"),
        ('(header["X-A"] ?? "") == ""', "(== (?? header.x-a? '') '')"),
        ("claims.beta ?? claims.admin", "(?? claims.beta? claims.admin)"),
        ('"x" in (claims.teams ?? [])', "(in 'x' (?? claims.teams? {}))"),
        ('(claims.teams ?? claims.scope) == ["a"]', "(== (?? claims.teams? claims.scope) {a})"),
        ('(claims.acr ?? "pwd") in ["mfa"]', "(in (?? claims.acr? 'pwd') {mfa})"),
        ("claims.level + 1 - claims.level > 3", "(> (- (+ claims.level 1) claims.level) 3)"),
        ("(claims.risk ?? 0) + 1 > 3", "(> (+ (?? claims.risk? 0) 1) 3)"),
        ("claims.level > 1 + 1", "(> claims.level (+ 1 1))"),
    ],
)
def test_values(text: str, expected: str) -> None:
    assert tree(text, "own") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('(claims.acr ?? "none") == "mfa"', ["R232"]),
        ("(claims.risk ?? 101) > 5", ["R233"]),
        ("(claims.risk ?? true) == 5", ["R219"]),
        ('(claims.teams ?? ["A"]) == []', ["R233"]),
        ("(claims.level ?? 3) > 5", ["R242"]),
        ('claims.nick present and (claims.nick ?? "x") == "x"', []),
        ("(claims.risk ?? claims.sub) == 3", ["R243"]),
        ("(claims.risk ?? claims.seen) == 3", ["R204"]),
        ('(claims.nick ?? claims.acr) == "x"', ["R204"]),
        ('((claims.nick ?? "a") ?? "b") == "x"', ["R243"]),
        ('("a" ?? "b") == "x"', ["R243"]),
        ("(claims.risk ?? (claims.level + 1)) == 3", ["R243"]),
        ("(claims.seen ?? claims.auth_time) == 3", ["R221"]),
        ("(client.ip ?? peer.ip) == 3", ["R242"]),
        ("claims.level + claims.admin > 3", ["R226"]),
        ("claims.level + claims.risk > 3", ["R204"]),
        ("claims.sub + claims.unknown_one > 3", ["R201", "R226"]),
        ('claims.level + ["a"] > 3', ["R226"]),
        ("(claims.level > 3) + 1 > 3", ["R228"]),
        ("claims.used + claims.used - claims.used > 3", ["R227"]),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    assert sorted(codes(text, "own")) == expected


def test_lets_may_be_values() -> None:
    lets = "let score = claims.risk ?? 0\nlet limit_of = 50\nlet extra = claims.level + 1"
    assert tree("score > limit_of and extra < 5", "own", lets=lets) == (
        "(and (> (?? claims.risk? 0) 50) (< (+ claims.level 1) 5))"
    )
    assert codes("(score ?? 3) == 4", "own", lets=lets) == ["R243"]


ENDS = st.sampled_from((-(2**63), -(2**63) + 1, -7, -1, 0, 1, 7, 2**62, 2**63 - 2, 2**63 - 1))


@given(st.lists(ENDS, min_size=4, max_size=4), st.sampled_from("+-"))
def test_sums_are_refused_exactly_when_they_can_leave_64_bits(ends: list[int], op: str) -> None:
    (a, b), (c, d) = sorted(ends[:2]), sorted(ends[2:])
    corners = [x + y if op == "+" else x - y for x in (a, b) for y in (c, d)]
    around = WORLD.format(a, b, c, d)
    leaves = min(corners) < -(2**63) or max(corners) > 2**63 - 1
    found = codes(f"claims.x {op} claims.y == {min(max(min(corners), -(2**63)), 2**63 - 1)}", "r", around=around)
    assert ("R227" in found) is leaves
