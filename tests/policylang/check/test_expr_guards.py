"""What parts of a condition say of the parts beside them."""

import pytest

from policylang.check.environment import Names, Sink
from policylang.check.expr_cases import Mentions, cases_of, everywhere
from policylang.check.expr_guards import assume, in_order, key_of
from policylang.check.expr_scene import Scene
from policylang.syntax import nodes
from tests.policylang.check.expr_world import World, world

DECLARATIONS = """
issuer a { claims { sub: text  x: int 0..9 optional  y: int 0..9 } }
issuer b { claims { sub: text  x: int 0..9 } }
issuer c { claims { sub: text } }
route r { match GET on "/r" trust a, b, c, anonymous }
let guard = claims.x present
"""


def read(text: str) -> tuple[nodes.Expr, World]:
    here = world(f"{DECLARATIONS}\ndeny it on r when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    return rule.when, here


def known(text: str, *, truth: bool = True) -> dict[str, str]:
    """Issuer to what is known present, when the condition has the truth value."""
    expr, here = read(text)
    live = assume(expr, everywhere(cases_of(here.cells, Mentions())), here.names, truth=truth)
    return {
        case.issuer or "-": " ".join(sorted(f"{root}.{name}" for root, name in keys)) for case, keys in live.items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("issuer is a", {"a": ""}),
        ("issuer is not a", {"b": "", "c": "", "-": ""}),
        ("not issuer is anonymous", {"a": "", "b": "", "c": ""}),
        ("claims.x present", {"a": "claims.x", "b": "claims.x"}),
        ("claims.x absent", {"a": "", "c": "", "-": ""}),
        ("guard", {"a": "claims.x", "b": "claims.x"}),
        ("not claims.x absent", {"a": "claims.x", "b": "claims.x"}),
        ("claims.x present and issuer is a", {"a": "claims.x"}),
        ("claims.x present or issuer is a", {"a": "", "b": "claims.x"}),
        ("claims.x present or claims.x absent", {"a": "", "b": "claims.x", "c": "", "-": ""}),
        ("claims.x present and claims.x absent", {}),
        ("not (claims.x absent or claims.y absent)", {"a": "claims.x claims.y"}),
        ("not (claims.x absent and claims.y absent)", {"a": "", "b": "claims.x"}),
        ('header["X-A"] present', dict.fromkeys(("a", "b", "c", "-"), "header.x-a")),
        ("claims.y == 3", {"a": "", "b": "", "c": "", "-": ""}),
        (
            "(claims.x present and claims.y == 3) or (claims.x present and issuer is b)",
            {"a": "claims.x", "b": "claims.x"},
        ),
    ],
)
def test_what_is_known_when_it_is_true(text: str, expected: dict[str, str]) -> None:
    assert known(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claims.x absent", {"a": "claims.x", "b": "claims.x"}),
        ("claims.x absent or claims.y == 3", {"a": "claims.x", "b": "claims.x"}),
        ("claims.x absent and claims.y == 3", {"a": "", "b": "", "c": "", "-": ""}),
        ("issuer is a or issuer is b", {"c": "", "-": ""}),
    ],
)
def test_what_is_known_when_it_is_false(text: str, expected: dict[str, str]) -> None:
    assert known(text, truth=False) == expected


def test_parts_come_after_what_they_may_rely_on() -> None:
    expr, here = read(
        "claims.x > 5 and not (claims.y absent or claims.x == 3) and claims.x present and issuer is a and guard"
    )
    assert isinstance(expr, nodes.And)
    cases = cases_of(here.cells, Mentions())
    scene = Scene(cases, here.names, Sink())
    ordered = in_order([(part, scene) for part in expr.operands], everywhere(cases), here.names, truth=True)
    assert [here.source(part.span) for part, _ in ordered] == [
        "issuer is a",
        "claims.x present",
        "guard",
        "not (claims.y absent or claims.x == 3)",
        "claims.x > 5",
    ]


def test_a_negated_guard_comes_where_the_guard_would() -> None:
    expr, here = read("claims.y == 3 and not claims.y absent and not issuer is b and issuer is a")
    assert isinstance(expr, nodes.And)
    cases = cases_of(here.cells, Mentions())
    scene = Scene(cases, here.names, Sink())
    ordered = in_order([(part, scene) for part in expr.operands], everywhere(cases), here.names, truth=True)
    assert [here.source(part.span) for part, _ in ordered] == [
        "not issuer is b",
        "issuer is a",
        "not claims.y absent",
        "claims.y == 3",
    ]


def test_header_names_ignore_case() -> None:
    expr, _ = read('header["X-Mode"] == header["x-mODE"]')
    assert isinstance(expr, nodes.Compare)
    assert isinstance(expr.left, nodes.HeaderRef)
    assert isinstance(expr.right, nodes.HeaderRef)
    assert key_of(expr.left) == key_of(expr.right) == ("header", "x-mode")


def test_nothing_follows_for_no_case() -> None:
    expr, here = read("claims.x present")
    names: Names = here.names
    assert assume(expr, {}, names, truth=True) == {}
