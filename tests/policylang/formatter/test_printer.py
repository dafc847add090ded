"""Printing: lines break where they must, remarks survive wherever they stand."""

from policylang.formatter.doc import Block, Break, Cell, Doc, Fill, Group, Nest, Unit
from policylang.formatter.printer import WIDTH, Line, Printer, add_remarks
from policylang.formatter.token import Remark, Token

A, B = Token("NAME", "a"), Token("NAME", "b")
LONG = Token("NAME", "x" * (WIDTH - 10))
REMARKED, LED = Token("NAME", "r", trail=("# x",)), Token("NAME", "l", lead=(Remark("# y", blank=True),))


def inside(block: Block, indent: int) -> list[Line]:
    return [Line(" " * indent + unit.first.text) for unit in block.units]


def printed(doc: Doc, indent: int = 2, text: str = "") -> list[Line]:
    printer = Printer(inside, Token("NAME", ""), text)
    printer.doc(doc, indent)
    return printer.finish()


def texts(doc: Doc) -> list[str]:
    return [line.text for line in printed(doc)]


def test_a_group_is_broken_everywhere_or_nowhere() -> None:
    assert texts(Group((A, Break(" "), B, Break(" "), A))) == ["a b a"]
    assert texts(Group((A, Break(" "), LONG, Break(" "), A))) == ["a " + LONG.text + " a"]
    assert texts(Group((LONG, Break(" "), LONG, Break(" "), A))) == [LONG.text, "  " + LONG.text, "  a"]


def test_a_group_makes_room_for_what_follows_it() -> None:
    tail = Token("NAME", "y" * 10)
    assert texts((Group((LONG, Break(""))), tail)) == [LONG.text + tail.text]
    assert texts((Group((A, Break(""), LONG)), tail)) == ["a", "  " + LONG.text + tail.text]


def test_a_fill_breaks_only_where_it_has_to() -> None:
    assert texts((A, Fill(" "), LONG, Fill(" "), LONG, Fill(" "), A)) == ["a " + LONG.text, "  " + LONG.text + " a"]
    assert texts((A, Fill(" ", forced=True), B)) == ["a", "  b"]


def test_nesting_is_for_lines_that_begin_within() -> None:
    assert texts(Group((LONG, Nest((Break(" "), LONG)), Break(" "), A))) == [LONG.text, "    " + LONG.text, "  a"]


def test_nothing_is_written_behind_a_remark() -> None:
    assert printed((REMARKED, " ", A)) == [Line("r", ("# x",)), Line("  a")]
    assert printed((REMARKED, Break(" "), A)) == [Line("r", ("# x",)), Line("  a")]
    assert printed((A, " ", REMARKED)) == [Line("a r", ("# x",))]


def test_a_remark_before_a_word_breaks_the_line() -> None:
    assert printed((A, " ", LED, " ", B)) == [Line("a"), Line("  # y"), Line("  l b")]


def test_a_told_token_says_its_remarks_no_more() -> None:
    printer = Printer(inside, LED, "")
    printer.doc(LED, 2)
    assert printer.finish() == [Line("l")]


def test_a_group_with_a_remark_inside_is_broken() -> None:
    assert printed(Group((A, Break(" "), REMARKED, Break(" "), B))) == [Line("a"), Line("  r", ("# x",)), Line("  b")]


def test_a_split_block_closes_below_the_line_that_opens_it() -> None:
    block = Block(Token("LBRACE", "{"), (Unit(A, A, (Cell(A),)),), Token("RBRACE", "}"), split=True, gap=3)
    assert [line.text for line in printed(("", B, " ", block, Fill("  "), A), 4, "  ")] == [
        "  b {",
        "    a",
        "  }",
        "    a",
    ]


def test_blank_lines_before_remarks_but_not_first() -> None:
    lines: list[Line] = []
    add_remarks(lines, (Remark("# a", blank=True), Remark("# b", blank=True), Remark("# c", blank=False)), 2)
    assert [line.text for line in lines] == ["  # a", "", "  # b", "  # c"]
