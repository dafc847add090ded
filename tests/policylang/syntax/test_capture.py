import pytest

from policylang.syntax import nodes
from tests.policylang.syntax.reading import item, shape, told


def route(inside: str) -> str:
    return f'route r {{ match GET on "/{{{inside}}}" }}'


@pytest.mark.parametrize(
    ("inside", "name", "term"),
    [
        ("a: slug", "a", ("slug", None, None)),
        ("a:slug", "a", ("slug", None, None)),
        ("  a_1  :  email  ", "a_1", ("email", None, None)),
        ("a: text", "a", ("text", None, None)),
        ("a: text(1..64)", "a", ("text", 1, 64)),
        ("a: text ( 1 .. 64 )", "a", ("text", 1, 64)),
        ("a: int 0..9", "a", ("int", 0, 9)),
        ("a: int -5 .. 9223372036854775807", "a", ("int", -5, 2**63 - 1)),
    ],
)
def test_captures_have_a_name_and_a_type(inside: str, name: str, term: tuple[str, int | None, int | None]) -> None:
    (segment,) = item(route(inside)).matches[0].patterns[0].segments
    assert (segment.kind, segment.text) == ("capture", name)
    assert isinstance(segment.type, nodes.TypeTerm)
    assert (segment.type.kind, segment.type.low, segment.type.high) == term


@pytest.mark.parametrize(
    ("inside", "complaints"),
    [
        ("", [("R460", "{}"), ("R461", "{}")]),
        ("a", [("R461", "{a}")]),
        ("A: slug", [("R460", "{A: slug}")]),
        ("1a: slug", [("R460", "{1a: slug}")]),
        (": slug", [("R460", "{: slug}")]),
        ("a b: slug", [("R460", "{a b: slug}")]),
        ("a:", [("R462", "")]),
        ("a: sluug", [("R462", "sluug")]),
        ("a: set of slug", [("R462", "set of slug")]),
        ("a: int", [("R462", "int")]),
        ("a: int 0..9223372036854775808", [("R462", "int 0..9223372036854775808")]),
        ("a: int 0..99999999999999999999", [("R462", "int 0..99999999999999999999")]),
        ("a: text(1..)", [("R462", "text(1..)")]),
        ("a: slug: slug", [("R462", "slug: slug")]),
    ],
)
def test_other_captures_are_refused(inside: str, complaints: list[tuple[str, str]]) -> None:
    assert told(route(inside)) == complaints


def test_blanks_without_end_cost_nothing() -> None:
    assert [code for code, _ in told(route(" " * 200_000 + "x"))] == ["R461"]


def test_captures_in_hosts_are_the_same() -> None:
    found = item('route r { host "{tenant: slug}.example.com" }').hosts[0][0].labels[0]
    assert shape(found) == ("Segment", "capture", "tenant", ("TypeTerm", "slug", None, None, (), None))
