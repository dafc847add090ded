"""Which units stand in columns, and what gives way where a line would be too long."""

from policylang.formatter.doc import Cell, Unit
from policylang.formatter.printer import WIDTH
from policylang.formatter.rows import arranged, can_be_row
from policylang.formatter.token import Remark, Token
from tests.policylang.formatter.styled import styled_items


def unit(*cells: Cell, table: str | None = "t") -> Unit:
    first, last = cells[0].doc, cells[-1].doc
    assert isinstance(first, Token)
    assert isinstance(last, Token)
    return Unit(first, last, cells, table)


def word(text: str, *, clause: bool = False, lead: str = "") -> Cell:
    remarks = (Remark(lead, blank=False),) if lead else ()
    return Cell(Token("NAME", text, lead=remarks), column_gap=2, clause=clause)


def test_a_unit_of_no_table_is_no_row() -> None:
    assert can_be_row(unit(word("a")), 0)
    assert not can_be_row(unit(word("a"), table=None), 0)


def test_a_remark_between_heads_takes_a_unit_out_but_not_one_before_a_clause() -> None:
    assert not can_be_row(unit(word("a"), word("b", lead="# x")), 0)
    assert can_be_row(unit(word("a", lead="# x"), word("b")), 0)
    assert can_be_row(unit(word("a"), word("b", lead="# x", clause=True)), 0)


def test_gaps_are_wider_in_a_table_than_alone() -> None:
    alone = arranged([unit(word("a"), word("b"))], 0)
    both = arranged([unit(word("a"), word("b")), unit(word("ccc"), word("d"))], 2)
    assert [row.begins for row in alone] == [[0, 2]]
    assert [row.begins for row in both] == [[2, 7], [2, 7]]


def test_what_padding_makes_too_long_gives_up_its_clauses_only() -> None:
    long = unit(word("a"), word("b"), word("x" * (WIDTH - 5), clause=True))
    other = unit(word("a" * 9), word("b"), word("c", clause=True))
    first, second = arranged([long, other], 0)
    assert (first.whole, second.whole) == (False, True)
    assert [slot.text for slot in first.slots] == ["a", "b"]
    assert first.begins == [0, 11]


ROUTE = 'route {name} {{ match GET on "{path}"   trust corp   upstream "http://127.0.0.1:9000" }}\n'


def test_blocks_that_fit_stand_in_all_columns() -> None:
    text = styled_items(ROUTE.format(name="a", path="/x") + ROUTE.format(name="longer", path="/longer"))
    assert text.splitlines() == [
        'route a      { match GET on "/x"        trust corp   upstream "http://127.0.0.1:9000" }',
        'route longer { match GET on "/longer"   trust corp   upstream "http://127.0.0.1:9000" }',
    ]


def test_blocks_that_would_not_fit_give_up_the_last_columns() -> None:
    first = ROUTE.format(name="a", path="/" + "x" * 30)
    second = 'route b { match GET on "/y"   trust corp   upstream "http://127.0.0.1:9000"   tags hot, cold }\n'
    text = styled_items(first + second)
    assert text == first + second
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_block_that_does_not_fit_stands_in_no_table() -> None:
    long = ROUTE.format(name="b", path="/" + "x" * 60)
    text = styled_items(ROUTE.format(name="a", path="/") + long + ROUTE.format(name="long", path="/"))
    assert text.splitlines()[0] == ROUTE.format(name="a", path="/").strip()
    assert text.splitlines()[1] == "route b {"
