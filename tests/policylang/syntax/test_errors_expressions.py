from policylang.source.spans import Span
from policylang.syntax import errors_expressions as errors
from tests.policylang.syntax.reading import codes, read

AT = Span(0, 3, 7)


def test_the_cap_is_told() -> None:
    complaint = errors.too_deep(AT, 64)
    assert (complaint.code, complaint.title) == (errors.TOO_DEEP, "this expression is nested deeper than 64 levels")


def test_what_a_complaint_asks_for_silences_it() -> None:
    for text in ("let x = a and b or c", "let x = a ?? 1 > 2"):
        (complaint,) = read(text).diagnostics
        start, end = complaint.span.start - len("language 1\n"), complaint.span.end - len("language 1\n")
        assert complaint.labels[0].text == "put this into parentheses"
        assert codes(f"{text[:start]}({text[start:end]}){text[end:]}") == []


def test_every_chain_says_how_to_break_it() -> None:
    assert errors.chained_comparison(AT).help == ("join two comparisons with `and`",)
    assert errors.chained_coalesce(AT).labels[0].text == "a second default"
    assert errors.single_equals(AT).help == ("write ==",)
