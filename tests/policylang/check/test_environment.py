from policylang.check.environment import Sink
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def complaint(code: str, start: int, title: str = "t") -> Diagnostic:
    return Diagnostic(code, title, (Label(Span(0, start, start + 1)),))


def test_one_complaint_for_one_place_and_code() -> None:
    sink = Sink()
    for diagnostic in (complaint("R1", 1), complaint("R1", 1, "other"), complaint("R2", 1), complaint("R1", 2)):
        sink.add(diagnostic)
    assert [(d.code, d.span.start, d.title) for d in sink.found] == [("R1", 1, "t"), ("R2", 1, "t"), ("R1", 2, "t")]


def test_the_search_for_repetitions_is_bounded() -> None:
    sink = Sink()
    for start in range(100):
        sink.add(complaint("R1", start))
    sink.add(complaint("R1", 99))
    assert len(sink.found) == 100
    sink.add(complaint("R1", 0))
    assert len(sink.found) == 101
