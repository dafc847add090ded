"""Shapes: what is the same whatever its place and spelling."""

import pytest

from policylang.check.environment import Sink
from policylang.check.expr_shape import shape
from policylang.check.infer import check_condition
from policylang.syntax import nodes
from tests.policylang.check.expr_world import STAFF_AND_PARTNER, world


def shape_of(text: str) -> object:
    here = world(f"{STAFF_AND_PARTNER}\ndeny it on own when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    typed = check_condition(rule.when, here.of("own"), here.names, Sink())
    assert typed is not None
    return shape(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claims.sub == claims.tenant", "claims.tenant == claims.sub"),
        ("claims.sub != claims.tenant", "claims.tenant != claims.sub"),
        ("claims.level < claims.used", "claims.used > claims.level"),
        ("claims.level >= claims.used", "claims.used <= claims.level"),
        ('header["X-A"] present', 'header["x-a"] present'),
        ('claims.sub in ["a", "b"]', 'claims.sub in ["b", "a"]'),
        ('claims.admin and claims.sub == "a"', 'claims.sub == "a" and claims.admin'),
    ],
)
def test_one_meaning_has_one_shape(one: str, other: str) -> None:
    assert shape_of(one) == shape_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claims.level < claims.used", "claims.used < claims.level"),
        ('claims.sub == "a"', 'claims.tenant == "a"'),
        ("claims.level == 1", "claims.level == 2"),
        ('claims.sub starts with "a"', 'claims.sub ends with "a"'),
        ('any of ["a"] in claims.scope', 'all of ["a"] in claims.scope'),
        ("claims.level + 1 > 3", "claims.level - 1 > 3"),
        ("claims.auth_time older than 1h", "claims.auth_time older than 2h"),
        ('(claims.acr ?? "pwd") == "pwd"', '(claims.acr ?? "mfa") == "pwd"'),
        ('claims.admin and claims.sub == "a"', 'claims.admin or claims.sub == "a"'),
        ("claims.admin", "not claims.admin"),
    ],
)
def test_different_meanings_have_different_shapes(one: str, other: str) -> None:
    assert shape_of(one) != shape_of(other)


def test_shapes_are_hashable() -> None:
    assert len({shape_of('claims.scope == ["a"]'), shape_of("client.ip in claims.nets")}) == 2
