from policylang.source.spans import Span
from policylang.syntax import errors_patterns as errors
from tests.policylang.syntax.reading import codes

AT = Span(0, 3, 7)


def test_a_capture_is_shown_with_the_type_it_lacks() -> None:
    (text,) = errors.untyped_capture(AT, "tenant").help
    assert text == "write {tenant: slug}"
    assert codes(f'route r {{ match GET on "/{text.removeprefix("write ")}" }}') == []


def test_missing_parts_are_told_from_wrong_ones() -> None:
    assert errors.bad_capture_name(AT, "").title == "a capture needs a name"
    assert errors.bad_capture_name(AT, "A b").title == "`A b` is not a name"
    assert errors.bad_capture_type(AT, "").title == "the type is missing"
    assert errors.bad_capture_type(AT, "foo\x00").title == "`foo\\u{0}` is not a capture's type"


def test_twins_are_both_shown() -> None:
    first = Span(0, 1, 2)
    assert [label.span for label in errors.repeated_capture(AT, first, "id").labels] == [AT, first]


def test_the_reason_of_a_bad_host_stands_at_its_label() -> None:
    assert errors.bad_host_label(AT, "why").labels[0].text == "why"
