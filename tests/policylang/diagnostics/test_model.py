from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def test_a_diagnostic_points_where_its_first_label_does() -> None:
    assert Diagnostic("R100", "t", (Label(Span(0, 3, 4)), Label(Span(0, 1, 2)))).span == Span(0, 3, 4)
