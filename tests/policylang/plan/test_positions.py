import hashlib

from policylang.plan.model import Position
from policylang.plan.positions import Positions
from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.tree import SourceTree

TREE = SourceTree((SourceText("b.rules", "ab\ncé\n"), SourceText("a.rules", "x")))


def test_files_are_sorted_and_have_the_digest_of_their_bytes() -> None:
    files = Positions(TREE, ()).files
    assert [file.path for file in files] == ["a.rules", "b.rules"]
    assert files[1].sha256 == hashlib.sha256("ab\ncé\n".encode()).hexdigest()


def test_positions_are_sorted_each_once_and_found_by_span() -> None:
    spans = [Span(0, 3, 5), Span(0, 0, 2), Span(1, 0, 1), Span(0, 3, 5), Span(0, 0, 4)]
    positions = Positions(TREE, spans)
    assert positions.table == (
        Position(0, 1, 1, 1, 2), Position(1, 1, 1, 1, 3), Position(1, 1, 1, 2, 2), Position(1, 2, 1, 2, 3),
    )  # fmt: skip
    assert [positions.at(span) for span in spans] == [3, 1, 0, 3, 2]


def test_spans_beyond_the_end_are_the_end() -> None:
    positions = Positions(TREE, [Span(1, 5, 9), Span(1, 1, 1), Span(1, 7, 7)])
    assert positions.table == (Position(0, 1, 2, 1, 2),)
    assert positions.at(Span(1, 7, 7)) == 0


def test_files_of_tests_are_no_part_of_a_plan() -> None:
    plain = Positions(TREE, [Span(0, 0, 2)])
    tests = SourceTree((SourceText("a.tests.rules", "y"), *TREE.files))
    assert Positions(tests, [Span(1, 0, 2)]).files == plain.files
    assert Positions(tests, [Span(1, 0, 2)]).table == plain.table
