import pytest

from policylang.check.model import Segment
from policylang.check.ties import shape
from tests.policylang.check.rule_sets import CORP, checked, route, told


@pytest.mark.parametrize(
    ("one", "other", "ties"),
    [
        ('GET on "/a"', 'GET on "/a"', True),
        ('GET on "/a"', 'POST on "/a"', False),
        ('GET, POST on "/a"', 'POST, PUT on "/a"', True),
        ('GET on "/a"', 'GET on "/A"', False),
        ('GET on "/a"', 'GET on "/a/"', False),
        ('GET on "/{x: slug}"', 'GET on "/{y: int 1..9}"', True),
        ('GET on "/{x: slug}"', 'GET on "/*"', False),
        ('GET on "/{x: slug}"', 'GET on "/a"', False),
        ('GET on "/{x: slug}/b"', 'GET on "/a/{x: slug}"', False),
        ('GET on "/*"', 'GET on "/*"', True),
        ('GET on "/**"', 'GET on "/*"', False),
        ('GET on "/a/**"', 'GET on "/a/**"', True),
        ('GET on "/a/**"', 'GET on "/a"', False),
        ('GET on "/a" host "x.example"', 'GET on "/a"', False),
        ('GET on "/a" host "x.example"', 'GET on "/a" host "y.example"', False),
        ('GET on "/a" host "x.example", "y.example"', 'GET on "/a" host "y.example"', True),
        ('GET on "/a" host "{s: slug}.example"', 'GET on "/a" host "{t: text}.example"', True),
        ('GET on "/a" host "*.example"', 'GET on "/a" host "{t: text}.example"', False),
    ],
)
def test_ties(one: str, other: str, ties: bool) -> None:
    assert told(route("aaa", match=one) + route("bbb", match=other)) == (["R307"] if ties else [])


def test_patterns_of_one_route_tie_too() -> None:
    assert told(route("aaa", match='GET on "/a", "/a"')) == ["R307"]
    assert told(route("aaa", match='GET on "/a" match GET on "/a"')) == ["R307"]
    assert told(route("aaa", match='GET on "/a" match POST on "/a"')) == []


def test_each_later_route_is_told_where_it_stands() -> None:
    assert told("".join(route(name, match='GET on "/a"') for name in ("ccc", "aaa", "bbb"))) == ["R307", "R307"]


def test_a_literal_never_looks_like_a_capture() -> None:
    assert shape([Segment("literal", "capture")]) != shape([Segment("capture", "x")])
    assert shape([Segment("literal", "one")]) != shape([Segment("one")])


def test_as_many_look_ups_as_patterns_and_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work grows with the routes, not with their pairs."""
    seen = 0

    def counted(segments: list[Segment]) -> tuple[str, ...]:
        nonlocal seen
        seen += 1
        return shape(segments)

    monkeypatch.setattr("policylang.check.ties.shape", counted)
    count = 300
    text = "".join(
        route(f"r{index}", match=f'GET on "/{{x: slug}}/{index}"', trust="anonymous") for index in range(count)
    )
    assert checked(text).module is not None
    assert seen == count


def test_both_patterns_are_shown_the_later_one_with_carets() -> None:
    text = route("aaa", match='GET on "/a"') + route("bbb", match='GET on "/a"')
    (diagnostic,) = checked(text + CORP).diagnostics
    start = len("language 1\n")
    places = [label.span for label in diagnostic.labels]
    assert [(text[span.start - start : span.end - start]) for span in places] == ['"/a"', '"/a"']
    assert places[1].start < places[0].start


def test_of_two_rivals_each_has_its_own_methods() -> None:
    one, other = route("aaa", match='GET on "/a"'), route("bbb", match='POST on "/a"')
    (complaint,) = checked(one + other + route("ccc", match='POST, GET on "/a"') + CORP).diagnostics
    assert complaint.title == "the routes `aaa` and `ccc` match the same `GET` requests"
