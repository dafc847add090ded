import pytest

from policylang.syntax import nodes
from tests.policylang.syntax.reading import covered, expression, item, told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1_000_000", 1_000_000),
        ("-5", -5),
        ("- 5", -5),
        ("+5", 5),
        ("-0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_integers_have_64_bits(text: str, value: int) -> None:
    node = expression(text)
    assert isinstance(node, nodes.Int)
    assert node.value == value
    assert type(node.value) is int


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("9223372036854775808", ("R131", "9223372036854775808")),
        ("-9223372036854775809", ("R131", "-9223372036854775809")),
        ("9" * 5_000, ("R131", "9" * 5_000)),
        ("007", ("R130", "007")),
        ("-01", ("R130", "01")),
        ("0_1", ("R130", "0_1")),
    ],
)
def test_other_integers_are_refused(text: str, complaint: tuple[str, str]) -> None:
    assert told(f"let x = {text}") == [complaint]


def test_booleans_are_no_numbers() -> None:
    assert expression("true").value is True
    assert expression("false").value is False


def test_lists_of_text() -> None:
    node = expression('["b", "a", "b"]')
    assert [text.value for text in node.items] == ["b", "a", "b"]
    assert expression("[]").items == ()
    assert [code for code, _ in told("let x = [1]")] == ["R103"]
    assert [code for code, _ in told('let x = ["a",]')] == ["R103"]


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1ms", 1_000),
        ("1s", 1_000_000),
        ("15min", 900_000_000),
        ("2h", 7_200_000_000),
        ("30d", 2_592_000_000_000),
        ("0s", 0),
        ("1_000s", 1_000_000_000),
        ("3660d", 3660 * 86_400_000_000),
    ],
)
def test_durations_are_microseconds(text: str, micros: int) -> None:
    (leeway,) = item(f"issuer a {{ leeway {text} }}").leeway
    assert (leeway.micros, leeway.text) == (micros, text)


@pytest.mark.parametrize("text", ["3661d", "99999999999999999999999999ms", "9" * 10_000 + "h"])
def test_durations_of_more_than_ten_years_are_a_slip(text: str) -> None:
    assert told(f"issuer a {{ leeway {text} }}") == [("R132", text)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-01T00:00:00Z", 1_772_323_200),
        ("2024-02-29T23:59:59Z", 1_709_251_199),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ],
)
def test_instants_are_seconds_since_1970(text: str, seconds: int) -> None:
    until = item(f"allow a on b always until {text}").until
    assert (until.seconds, until.text) == (seconds, text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2016-12-31T23:59:60Z",
     "2016-12-31T23:59:61Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
)  # fmt: skip
def test_instants_are_in_the_calendar(text: str) -> None:
    assert told(f"allow a on b always until {text}") == [("R133", text)]


@pytest.mark.parametrize("name", ["X-User", '"x_user"', '"a.b"', "A", '"!#$"'])
def test_header_names_are_tokens(name: str) -> None:
    (operation,) = item(f'request headers on a {{ set {name} "v" }}').operations
    assert covered(f'request headers on a {{ set {name} "v" }}', operation.name) == name


@pytest.mark.parametrize("name", ['""', '"X User"', '"X:"', '"é"', r'"a\n"', '"X-*"', '"{claims.x}"', '"*"'])
def test_other_header_names_are_refused(name: str) -> None:
    assert told(f'request headers on a {{ set {name} "v" }}') == [("R137", name)]
    assert told(f"let x = header[{name}] present") == [("R137", name)]


@pytest.mark.parametrize(("name", "fine"), [('"X-*"', True), ('"X-**"', False), ('"*"', False), ('"X-*-Y"', False)])
def test_only_remove_takes_a_star_at_the_end(name: str, fine: bool) -> None:
    assert told(f"response headers on a {{ remove {name} }}") == ([] if fine else [("R137", name)])


@pytest.mark.parametrize("text", ["match Get on", "match GET, Post on"])
def test_methods_are_upper_case(text: str) -> None:
    assert [code for code, _ in told(f'route r {{ {text} "/a" }}')] == ["R138"]


def test_keys_lose_their_colon_and_nothing_else() -> None:
    text = "metadata { roles: set of slug }"
    (field,) = item(text).fields
    assert (field.name.text, covered(text, field.name)) == ("roles", "roles")
