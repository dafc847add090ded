from policylang.ir.nodes import leaf, literal, made
from tests.strategies.modules import at

REF, LIT = leaf(("claim", "risk"), at(1)), literal("int", 5, at(2))


def test_a_node_says_what_its_operands_say() -> None:
    node = made(("cmp", "lt"), (REF, LIT), (), at(3))
    assert node.op == "cmp"
    assert node.expr == ("cmp", "lt", ("claim", "risk"), ("lit", "int", 5))
    assert node.operands == (REF, LIT)


def test_other_operands_leave_the_rest() -> None:
    older = made(("older",), (REF,), (900,), at(3)).over((leaf(("meta", "since"), at(4)),))
    assert older.expr == ("older", ("meta", "since"), 900)
    assert older.span == at(3)
    both = made(("and",), (REF, REF), (), at(3)).over((REF, REF, REF))
    assert both.expr == ("and", *[("claim", "risk")] * 3)
    compared = made(("cmp", "eq"), (REF, LIT), (), at(3)).over((LIT, REF))
    assert compared.expr == ("cmp", "eq", LIT.expr, REF.expr)


def test_places_are_in_preorder() -> None:
    inner = made(("cmp", "eq"), (REF, LIT), (), at(3))
    node = made(("and",), (made(("not",), (inner,), (), at(4)), REF), (), at(5))
    assert node.places() == (at(5), at(4), at(3), at(1), at(2), at(1))


def test_logic_is_known_from_afar() -> None:
    inner = made(("cmp", "eq"), (REF, LIT), (), at(3))
    assert not inner.logic
    assert made(("cmp", "eq"), (made(("not",), (inner,), (), at(4)), LIT), (), at(5)).logic
    assert not LIT.logic
