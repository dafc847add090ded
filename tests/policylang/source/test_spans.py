from policylang.source.spans import Span


def test_to_reaches_from_the_start_of_one_to_the_end_of_the_other() -> None:
    assert Span(2, 5, 9).to(Span(2, 20, 25)) == Span(2, 5, 25)


def test_spans_sort_by_file_then_start() -> None:
    assert sorted([Span(1, 0, 1), Span(0, 9, 10), Span(0, 3, 4)]) == [Span(0, 3, 4), Span(0, 9, 10), Span(1, 0, 1)]
