import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.typesys.fit import LAST_SECOND, Constant, Misfit, fit
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Ip, SetOf, Slug, Text, Time, Type


@pytest.mark.parametrize(
    ("term", "value", "canonical"),
    [
        (Text(), "a", "a"),
        (Text(0, 3), "", ""),
        (Text(1, 3), "äöü", "äöü"),
        (Slug(), "a-b_9", "a-b_9"),
        (Slug(), "9" * 64, "9" * 64),
        (Email(), "first.last+tag@mail.example", "first.last+tag@mail.example"),
        (Enum(("", "a")), "a", "a"),
        (Int(0, 100), 0, 0),
        (Int(0, 100), 100, 100),
        (Int(-(2**63), 2**63 - 1), -(2**63), -(2**63)),
        (Bool(), False, False),
        (Time(), 0, 0),
        (Time(), LAST_SECOND, LAST_SECOND),
        (Time(), "1970-01-01T00:00:01Z", 1),
        (Time(), "9999-12-31T23:59:59Z", LAST_SECOND),
        (Cidr(), "FD00::/8", "fd00::/8"),
        (Cidr(), "192.0.2.1/32", "192.0.2.1/32"),
        (SetOf(Text()), frozenset(), frozenset()),
        (SetOf(Cidr()), frozenset({"FD00::/8"}), frozenset({"fd00::/8"})),
    ],
)
def test_what_fits_comes_back_in_canonical_form(term: Type, value: Constant, canonical: Constant) -> None:
    fitted = fit(term, value)
    assert fitted == canonical
    assert type(fitted) is type(canonical)


@pytest.mark.parametrize(
    ("term", "value", "reason"),
    [
        (Text(), "", "0 characters"),
        (Text(1, 3), "abcd", "4 characters"),
        (Text(), 1, "a number"),
        (Text(), True, "a truth value"),
        (Text(), frozenset({"a"}), "a list"),
        (Slug(), "-a", "slug"),
        (Slug(), "A", "slug"),
        (Slug(), "a" * 65, "slug"),
        (Slug(), "a\n", "slug"),
        (Slug(), "é", "slug"),
        (Email(), "a@b@c", "address"),
        (Email(), ".a@b", "address"),
        (Email(), "a..b@c", "address"),
        (Email(), "a@-b.example", "address"),
        (Email(), "a" * 250 + "@b.cd", "address"),
        (Enum(("a", "b")), "A", 'one of "a", "b"'),
        (Int(0, 100), -1, "-1 is below 0"),
        (Int(0, 100), 101, "101 is above 100"),
        (Int(0, 1), True, "a truth value"),
        (Int(0, 1), "1", "a text"),
        (Bool(), 1, "a number"),
        (Bool(), "true", "a text"),
        (Time(), -1, "below 0"),
        (Time(), LAST_SECOND + 1, "above"),
        (Time(), "2026-02-30T00:00:00Z", "no such day"),
        (Time(), "2026-01-01T24:00:00Z", "no such day"),
        (Time(), "1969-12-31T23:59:59Z", "before 1970"),
        (Time(), "2026-01-01", "an instant is written"),
        (Time(), "2026-01-01T00:00:00+00:00", "an instant is written"),
        (Cidr(), "10.0.0.1/8", "host bits"),
        (Cidr(), "10.0.0.0/255.0.0.0x", "network"),
        (Ip(), "10.0.0.1", "a text"),
        (SetOf(Text()), "a", "list in brackets"),
        (SetOf(Slug()), frozenset({"ok", "NOT"}), "slug"),
    ],
)
def test_what_does_not_fit_says_why(term: Type, value: Constant, reason: str) -> None:
    fitted = fit(term, value)
    assert isinstance(fitted, Misfit)
    assert reason in fitted.reason


@given(st.integers(-(2**65), 2**65), st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_an_integer_fits_exactly_within_its_bounds(value: int, one: int, other: int) -> None:
    term = Int(min(one, other), max(one, other))
    assert (fit(term, value) == value) == (term.low <= value <= term.high)


@given(st.text(), st.sampled_from([Text(), Slug(), Email(), Time(), Cidr(), Enum(("a",)), Bool(), Ip()]))
def test_any_text_fits_or_misfits_without_an_exception(value: str, term: Type) -> None:
    fitted = fit(term, value)
    assert isinstance(fitted, Misfit | str | int)
    if isinstance(fitted, str):
        assert fit(term, fitted) == fitted
