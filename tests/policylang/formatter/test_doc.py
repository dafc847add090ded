"""Documents on one line, and what cannot be on one."""

from policylang.formatter.doc import Block, Break, Cell, Fill, Group, Nest, Unit, flat, flat_unit, heads
from policylang.formatter.token import Remark, Token

A, B = Token("NAME", "a"), Token("NAME", "b")
OPEN, CLOSE = Token("LBRACE", "{"), Token("RBRACE", "}")
REMARKED, LED = Token("NAME", "r", trail=("# x",)), Token("NAME", "l", lead=(Remark("# y", blank=False),))


def unit(*tokens: Token) -> Unit:
    return Unit(tokens[0], tokens[-1], tuple(Cell(token) for token in tokens))


def test_breaks_are_what_they_are_on_one_line() -> None:
    assert flat(Group((A, Nest((Break(" "), B)), Fill("  "), A, Break("")))) == "a b  a"


def test_a_block_on_one_line() -> None:
    assert flat(Block(OPEN, (unit(A, B), unit(B)), CLOSE, split=False, gap=3)) == "{ a b   b }"
    assert flat(Block(OPEN, (), CLOSE, split=False, gap=3)) == "{}"


def test_what_its_author_broke_is_on_no_line() -> None:
    assert flat(Block(OPEN, (unit(A),), CLOSE, split=True, gap=3)) is None
    assert flat((A, Fill(" ", forced=True), B)) is None


def test_remarks_at_the_ends_are_not_inside() -> None:
    assert flat((LED, " ", A)) == "l a"
    assert flat((A, " ", REMARKED)) == "a r"


def test_remarks_inside_are() -> None:
    assert flat((A, " ", LED)) is None
    assert flat((REMARKED, " ", A)) is None
    assert flat(Block(OPEN, (unit(REMARKED),), CLOSE, split=False, gap=3)) is None


def test_clauses_are_no_heads() -> None:
    cells = (Cell(A), Cell(B, clause=True))
    whole = Unit(A, B, cells)
    assert heads(whole) == cells[:1]
    assert flat(flat_unit(whole)) == "a b"
