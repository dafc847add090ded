"""Flipping the reported node flips the rule, and no node below it does."""

from hypothesis import given
from hypothesis import strategies as st

from policylang.explain.deciding import deciding, lacking
from policylang.explain.evaluate import FAULT, Walked
from policylang.plan.model import Expr

names = st.text("abcdefgh", min_size=1, max_size=2)
leaves = names.map(lambda name: ("claim", name))
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(lambda x: ("not", x), inner)
        | st.builds(lambda op, xs: (op, *xs), st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=8,
)


def build(expr: Expr, leaf: dict[int, bool | None], force: dict[int, bool], index: int = 0) -> tuple[Walked, int]:
    """The tree with the values of its leaves by preorder, and some nodes forced."""
    here, index = index, index + 1
    inner: list[Walked] = []
    for operand in expr[1:] if expr[0] != "claim" else ():
        node, index = build(operand, leaf, force, index)
        inner.append(node)
    value: bool | None
    truths = [node.truth for node in inner]
    if here in force:
        value = force[here]
    elif expr[0] == "claim":
        value = leaf.get(here, False)
    elif expr[0] == "not":
        value = None if truths[0] is None else not truths[0]
    else:
        decisive = expr[0] == "or"
        value = decisive if decisive in truths else None if None in truths else not decisive
    return Walked(expr, FAULT if value is None else value, tuple(inner), here), index


def nodes(walked: Walked) -> list[Walked]:
    return [walked, *(node for operand in walked.operands for node in nodes(operand))]


@given(trees, st.dictionaries(st.integers(0, 30), st.sampled_from([True, False])))
def test_what_decides(expr: Expr, leaf: dict[int, bool | None]) -> None:
    walked, _ = build(expr, leaf, {})
    reported = deciding(walked)
    assert reported
    for node in reported:
        flipped, _ = build(expr, leaf, {node.index: not node.truth})
        assert flipped.truth is (not walked.truth)
        for below in nodes(node)[1:]:
            other, _ = build(expr, leaf, {below.index: not below.truth})
            assert other.truth is walked.truth or node.expr[0] == "not"


@given(trees, st.dictionaries(st.integers(0, 30), st.sampled_from([True, False, None])))
def test_a_fault_is_decided_by_what_faulted(expr: Expr, leaf: dict[int, bool | None]) -> None:
    walked, _ = build(expr, leaf, {})
    if walked.truth is None:
        for node in deciding(walked):
            assert node.truth is None
            answered, _ = build(expr, leaf, {node.index: True})
            assert answered.truth is not None


@given(trees, st.dictionaries(st.integers(0, 30), st.sampled_from([True, False, None])), st.booleans())
def test_what_lacks_is_enough_and_never_more_than_the_leaves(
    expr: Expr, leaf: dict[int, bool | None], wanted: bool
) -> None:
    walked, _ = build(expr, leaf, {})
    lacks = lacking(walked, wanted)
    changed, _ = build(expr, leaf, {node.index: needed for node, needed in lacks})
    assert changed.truth is wanted
    assert bool(lacks) is (walked.truth is not wanted)
    assert all(node.expr[0] == "claim" and node.truth is not needed for node, needed in lacks)


def test_the_fewest() -> None:
    a, b, c = (("claim", name) for name in "abc")
    walked, _ = build(("or", ("and", a, b), c), {}, {})
    assert [node.expr for node, _ in lacking(walked, True)] == [c]
    both, _ = build(("and", a, ("not", b)), {3: True}, {})
    assert [(node.expr, needed) for node, needed in lacking(both, True)] == [(a, True), (b, False)]


def test_several_culprits_are_one_node() -> None:
    a, b, c = (("claim", name) for name in "abc")
    one, _ = build(("and", a, b, c), {1: True, 3: True}, {})
    assert [node.expr for node in deciding(one)] == [b]
    several, _ = build(("and", a, b, c), {1: True}, {})
    assert [node.index for node in deciding(several)] == [0]
    every, _ = build(("and", a, b, c), {1: True, 2: True, 3: True}, {})
    assert [node.expr for node in deciding(every)] == [a, b, c]
