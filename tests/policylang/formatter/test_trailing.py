"""Remarks behind code."""

from policylang.formatter.printer import Line
from policylang.formatter.trailing import text_of


def test_adjacent_remarks_stand_in_a_column() -> None:
    assert text_of([Line("a", ("# 1",)), Line("abc", ("# 2",))]) == "a      # 1\nabc    # 2\n"


def test_a_line_without_one_stands_between_columns() -> None:
    assert text_of([Line("a", ("# 1",)), Line("b"), Line("abc", ("# 2",))]) == "a    # 1\nb\nabc    # 2\n"


def test_other_indentation_is_another_column() -> None:
    assert text_of([Line("a", ("# 1",)), Line("  abc", ("# 2",))]) == "a    # 1\n  abc    # 2\n"


def test_a_line_that_opens_a_block_has_its_own() -> None:
    assert text_of([Line("a {", ("# 1",)), Line("abcdef", ("# 2",))]) == "a {    # 1\nabcdef    # 2\n"


def test_further_lines_stand_below_the_first() -> None:
    assert text_of([Line("a", ("# 1", "# 1b")), Line("ab", ("# 2",))]) == "a     # 1\n      # 1b\nab    # 2\n"


def test_a_long_line_does_not_push_the_others() -> None:
    assert text_of([Line("a", ("# 1",)), Line("b" * 40, ("# 2",))]) == f"a    # 1\n{'b' * 40}    # 2\n"
