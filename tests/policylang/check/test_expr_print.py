"""Expressions written out: what is printed parses to what it was printed from."""

import pytest

from policylang.check.expr_print import LONGEST, brief, reference, written
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from policylang.syntax.walk import walk
from tests.policylang.check.expr_world import world


def read(text: str) -> nodes.Expr:
    rule = next(item for item in world(f"deny it on all when {text}").items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    return rule.when


def bare(expr: nodes.Expr) -> list[object]:
    """A tree without its places: its nodes in order, with what is theirs alone."""
    kept = ("op", "name", "root", "value", "text", "negated", "absent", "micros")
    return [
        (type(node).__name__, [getattr(node, name) for name in kept if hasattr(node, name) and not _node(node, name)])
        for node in walk(expr)
    ]


def _node(node: nodes.Node, name: str) -> bool:
    return isinstance(getattr(node, name), nodes.Node)


@pytest.mark.parametrize(
    "text",
    [
        "claims.a",
        'claims.a == "x"',
        "claims.a + 1 - 2 > 3",
        "claims.a - (claims.b + 2) > -3",
        "(claims.a ?? 0) + 1 > 3",
        "claims.a ?? false",
        "not (claims.a ?? false)",
        "not (claims.a and claims.b)",
        "not claims.a and claims.b",
        "not not claims.a",
        "(claims.a or claims.b) and claims.c",
        "(claims.a and claims.b) or claims.c",
        "claims.a absent or claims.b present",
        'header["X-A"] == "a \\"b\\" \\{c\\}"',
        'claims.a not in ["x", "y"]',
        'any of ["x"] in claims.a',
        "all of claims.a in claims.b",
        "claims.t older than 15min",
        'claims.a starts with "x" and claims.a ends with "y" and claims.a matches "*"',
        "issuer is staff or issuer is not anonymous",
        "office and not (other or third)",
        "(claims.a == claims.b) == true",
        "(claims.a or claims.b) in claims.c",
    ],
)
def test_what_is_printed_parses_to_the_same(text: str) -> None:
    expr = read(text)
    assert bare(read(written(expr))) == bare(expr)


def test_few_parentheses() -> None:
    assert written(read('((claims.a) == ("x")) and (((claims.b)))')) == 'claims.a == "x" and claims.b'


def test_references_are_swapped_as_written() -> None:
    expr = read("claims.risk > claims.level + claims.risk")
    assert written(expr, {"claims.risk": "(claims.risk ?? 0)"}) == (
        "(claims.risk ?? 0) > claims.level + (claims.risk ?? 0)"
    )


def test_long_ones_are_cut() -> None:
    expr = read(" or ".join(f'claims.sub == "u{number}"' for number in range(50)))
    assert brief(expr).endswith("…")
    assert len(brief(expr)) == LONGEST + 1


def test_references() -> None:
    assert reference(nodes.HeaderRef(NOWHERE, nodes.Str(NOWHERE, "X-A"))) == 'header["X-A"]'
    assert reference(nodes.Ref(NOWHERE, "policy", "grants")) == "policy.grants"


def test_what_is_no_expression_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="Name is no expression"):
        written(nodes.Name(NOWHERE, "x"))  # type: ignore[arg-type]
