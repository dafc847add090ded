"""`in`, `any of` and `all of`."""

import pytest

from policylang.check import model
from policylang.check.environment import Sink
from policylang.check.infer import check_condition
from policylang.syntax import nodes
from policylang.typesys.terms import Cidr, Enum, SetOf, Slug, Text
from tests.policylang.check.expr_world import STAFF_AND_PARTNER, codes, tree, world
from tests.policylang.check.expr_world import typed as complaints


def typed(text: str) -> model.TypedExpr:
    here = world(f"{STAFF_AND_PARTNER}\ndeny it on own when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    found = check_condition(rule.when, here.of("own"), here.names, sink := Sink())
    assert found is not None, sink.found
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"x" in claims.scope', "(in 'x' claims.scope)"),
        ('"x" not in claims.scope', "(not (in 'x' claims.scope))"),
        ('claims.sub in ["x"]', "(in claims.sub {x})"),
        ('claims.tier not in ["a1", "a2"]', "(not (in claims.tier {a1, a2}))"),
        ("claims.tenant in claims.scope", "(in claims.tenant claims.scope)"),
        ('client.ip in ["FD00::/8", "10.0.0.1"]', "(in client.ip {10.0.0.1/32, fd00::/8})"),
        ('claims.home in ["10.0.0.0/8"]', "(in claims.home {10.0.0.0/8})"),
        ("claims.home in claims.nets", "(in claims.home claims.nets)"),
        ('"10.0.0.0/8" not in claims.nets', "(not (in '10.0.0.0/8' claims.nets))"),
        ('any of ["x", "y"] in claims.scope', "(any {x, y} claims.scope)"),
        ('all of claims.scope in ["x", "y"]', "(all claims.scope {x, y})"),
        ("any of claims.flags in claims.scope", "(any claims.flags claims.scope)"),
        ("all of metadata.roles in claims.scope", "(all metadata.roles claims.scope)"),
        ('all of claims.flags in ["x"]', "(all claims.flags {x})"),
    ],
)
def test_membership(text: str, expected: str) -> None:
    assert tree(text, "own") == expected


def test_constants_have_the_type_of_their_place() -> None:
    one = typed('"x" in claims.flags')
    assert isinstance(one, model.In)
    assert one.item.type == Enum(("x", "y"))
    two = typed('claims.tenant in ["acme"]')
    assert isinstance(two, model.In)
    assert two.container.type == SetOf(Slug())
    three = typed('client.ip in ["10.0.0.0/8"]')
    assert isinstance(three, model.In)
    assert three.container.type == SetOf(Cidr())
    four = typed('any of ["x"] in claims.scope')
    assert isinstance(four, model.Meets)
    assert four.items.type == SetOf(Text())
    five = typed('"10.0.0.0/8" in claims.nets')
    assert isinstance(five, model.In)
    assert five.item.type == Cidr()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claims.sub in []", ["R237"]),
        ("client.ip in []", ["R237"]),
        ("any of [] in claims.scope", ["R237"]),
        ("all of claims.scope in []", ["R237"]),
        ('claims.sub in ["a", "a"]', ["R254"]),
        ('"z" in claims.flags', ["R232"]),
        ('all of ["x", "z"] in claims.flags', ["R232"]),
        ('claims.tenant in ["Acme", "globex", "B"]', ["R233", "R233"]),
        ('claims.flags == ["x", "x"]', ["R254"]),
        ('client.ip in ["10.0.0.0/8", "10.0.0.1/8", "?"]', ["R235", "R234"]),
        ('"a" in claims.sub', ["R222"]),
        ('claims.level in ["1"]', ["R222"]),
        ('claims.sub in "a"', ["R222"]),
        ("claims.sub in 3", ["R222"]),
        ("3 in claims.scope", ["R222"]),
        ("true in claims.scope", ["R222"]),
        ('["a"] in claims.scope', ["R222"]),
        ("claims.sub in claims.nets", ["R222"]),
        ("claims.scope in claims.scope", ["R222"]),
        ("client.ip in claims.home", ["R222"]),
        ("claims.sub in claims.level", ["R222"]),
        ("claims.auth_time in claims.scope", ["R221"]),
        ("client.ip in claims.scope", ["R223"]),
        ('any of ["10.0.0.0/8"] in claims.nets', ["R223"]),
        ("any of claims.sub in claims.scope", ["R222"]),
        ('any of ["a"] in claims.sub', ["R222"]),
        ("all of 3 in claims.scope", ["R222"]),
        ('"a" in ["a"]', ["R244"]),
        ('any of ["a"] in ["a"]', ["R244"]),
        ("any of claims.scope in claims.scope", ["R244"]),
        ("claims.tier in claims.flags", ["R244"]),
        ("any of claims.flags in policy.grants", ["R244"]),
        ('claims.tier in ["a1", "a2", "b1"]', ["R244"]),
        ('all of claims.flags in ["y", "x"]', ["R244"]),
        ('any of claims.flags in ["y", "x"]', []),
        ("claims.admin in claims.scope", ["R222"]),
        ("(claims.level > 3) in claims.scope", ["R228"]),
        ("claims.teams in claims.scope", ["R204"]),
        ('claims.nick in ["a"] or "ops" in claims.teams', ["R204", "R204"]),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    assert codes(text, "own") == expected


def test_a_value_that_is_never_an_item_of_a_claim() -> None:
    around = """
    issuer x {
      claims { tier: one of "a", "b"  flags: set of one of "x", "y"  more: set of one of "b", "c" }
    }
    route own { match GET on "/own"  trust x }
    """
    assert codes("claims.tier in claims.flags", around=around) == ["R244"]
    assert codes("claims.tier not in claims.flags", around=around) == ["R244"]
    assert codes("claims.tier in claims.more", around=around) == []


@pytest.mark.parametrize(("word", "truth"), [("in", "true"), ("not in", "false")])
def test_a_list_of_all_values_decides_the_test_by_itself(word: str, truth: str) -> None:
    _, (complaint,) = complaints(f'claims.tier {word} ["a1", "a2", "b1"]', "own")
    assert f"is always {truth}" in complaint.title
