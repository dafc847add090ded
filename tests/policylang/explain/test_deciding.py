"""Flipping the reported node flips the rule, and no node below it does."""

from hypothesis import given
from hypothesis import strategies as st

from policylang.explain.deciding import WAYS, deciding, lacking, unheard, ways
from policylang.explain.evaluate import ABSENT, FAULT, Facts, Walked, walk
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
def test_what_decides_beside_what_has_no_value(expr: Expr, leaf: dict[int, bool | None]) -> None:
    walked, _ = build(expr, leaf, {})
    for node in deciding(walked):
        assert (node.truth is None) is (walked.truth is None)
        if walked.truth is not None:
            flipped, _ = build(expr, leaf, {node.index: not node.truth})
            assert flipped.truth is not walked.truth


@given(trees, st.dictionaries(st.integers(0, 30), st.sampled_from([True, False, None])), st.booleans())
def test_whatever_the_unheard_had_said_it_would_be_the_same(
    expr: Expr, leaf: dict[int, bool | None], answer: bool
) -> None:
    walked, _ = build(expr, leaf, {})
    silent = unheard(walked)
    assert not silent or walked.truth is not None or walked.expr[0] in {"and", "or", "not"}
    for index in silent:
        heard, _ = build(expr, leaf, {index: answer})
        assert heard.truth is walked.truth
    decided = {node.index for node in deciding(walked)} if walked.truth is not None else set()
    assert not decided & silent.keys()


@given(trees, st.dictionaries(st.integers(0, 30), st.sampled_from([True, False, None])), st.booleans())
def test_every_way_is_one_and_none_asks_for_more_than_another(
    expr: Expr, leaf: dict[int, bool | None], wanted: bool
) -> None:
    walked, _ = build(expr, leaf, {})
    found = ways(walked, wanted)
    assert 1 <= len(found) <= WAYS
    assert found[0] == lacking(walked, wanted)
    assert [len(way) for way in found] == sorted(len(way) for way in found)
    changes = [{node.index for node, _ in way} for way in found]
    assert not any(one <= other for one in changes for other in changes if one is not other)
    for way in found:
        changed, _ = build(expr, leaf, {node.index: needed for node, needed in way})
        assert changed.truth is wanted


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


RISK = ("claim", "risk")
GUARDED = ("or", ("not", ("present", RISK)), ("cmp", "gt", RISK, ("lit", "int", 50)))


def facts(fields: dict[str, object] | None = None, **claims: object) -> Facts:
    return Facts(0, "corp", claims, fields, {}, {}, frozenset(), "127.0.0.1", "127.0.0.1")


def test_a_guard_decides_and_what_it_guards_says_why_it_does_not_count() -> None:
    walked = walk(GUARDED, facts())
    assert [node.expr for node in deciding(walked)] == [("not", ("present", RISK))]
    assert unheard(walked) == {walked.operands[1].index: "claims.risk is absent"}
    answered = walk(GUARDED, facts(risk=60))
    assert [node.expr[0] for node in deciding(answered)] == ["cmp"]
    assert unheard(answered) == {}


def test_metadata_that_is_down_does_not_count_beside_what_is_true() -> None:
    roles = ("in", ("lit", "text", "a"), ("meta", "roles"))
    walked = walk(("or", roles, ("present", ("claim", "sub"))), facts(sub="u"))
    assert [node.expr[0] for node in deciding(walked)] == ["present"]
    assert unheard(walked) == {1: "metadata.roles is not to be had"}
    alone = walk(("and", roles, ("present", ("claim", "sub"))), facts(sub="u"))
    assert unheard(alone) == {}
    assert [node.expr[0] for node in deciding(alone)] == ["in"]
    assert alone.operands[0].operands[1].value is FAULT
    two = walk(("or", ("cmp", "eq", RISK, ("claim", "age")), ("present", ("claim", "sub"))), facts(sub="u"))
    assert unheard(two) == {1: "claims.age and claims.risk are absent"}
    assert two.operands[0].operands[0].value is ABSENT
