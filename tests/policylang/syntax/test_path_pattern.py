import pytest

from policylang.syntax import nodes
from policylang.syntax.path_pattern import SEGMENTS_CAP
from tests.policylang.syntax.reading import covered, item, read, shape, told


def route(pattern: str) -> str:
    return f'route r {{ match GET on "{pattern}" }}'


def segments(pattern: str) -> list[tuple[str, str]]:
    (only,) = item(route(pattern)).matches[0].patterns
    return [(segment.kind, segment.text) for segment in only.segments]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/", [("literal", "")]),
        ("/a", [("literal", "a")]),
        ("/a/", [("literal", "a"), ("literal", "")]),
        ("/a/b.c-d_e~f", [("literal", "a"), ("literal", "b.c-d_e~f")]),
        ("/**", [("rest", "")]),
        ("/*/a/**", [("one", ""), ("literal", "a"), ("rest", "")]),
        ("/{a: slug}/{b:text}/", [("capture", "a"), ("capture", "b"), ("literal", "")]),
        (r"/\u{2a}/\u{2a}\u{2a}", [("literal", "*"), ("literal", "**")]),
        (r"/\{a\}", [("literal", "{a}")]),
        (r"/a\u{3f}b", [("literal", "a?b")]),
        ("/café/日本 x", [("literal", "café"), ("literal", "日本 x")]),
        ("/100%/%zz", [("literal", "100%"), ("literal", "%zz")]),
        ("/...", [("literal", "...")]),
        ("/a:b@c!$&'()+,=", [("literal", "a:b@c!$&'()+,=")]),
    ],
)
def test_patterns_are_split_into_segments(pattern: str, found: list[tuple[str, str]]) -> None:
    assert segments(pattern) == found


def test_the_text_is_kept_as_written() -> None:
    (pattern,) = item(route(r"/{a:  slug}/\u{e9}")).matches[0].patterns
    assert pattern.text == r"/{a:  slug}/\u{e9}"


@pytest.mark.parametrize(
    ("pattern", "complaints"),
    [
        ("", [("R450", '""')]),
        ("a/b", [("R450", '"a/b"')]),
        ("**", [("R450", '"**"')]),
        ("//", [("R453", "//")]),
        ("/a//b", [("R453", "//")]),
        ("/a///b", [("R453", "//"), ("R453", "//")]),
        ("/**/a", [("R452", "**")]),
        ("/**/", [("R452", "**")]),
        ("/./a/..", [("R456", "."), ("R456", "..")]),
        ("/%41/%2e%2E", [("R457", "%41"), ("R457", "%2e%2E")]),
        (r"/\u{25}41", [("R457", r"\u{25}41")]),
        ("/a*", [("R455", "a*")]),
        ("/***", [("R455", "***")]),
        ("/{a: slug}.json", [("R454", "{a: slug}.json")]),
        ("/x{a: slug}", [("R454", "x{a: slug}")]),
        ("/{a: slug}{b: slug}", [("R454", "{a: slug}{b: slug}")]),
        ("/{a", [("R454", "{a")]),
        ("/a}", [("R454", "a}")]),
        ("/a;b", [("R458", "a;b")]),
        (r"/a\\b", [("R458", r"a\\b")]),
        (r"/a\u{2f}b", [("R458", r"a\u{2f}b")]),
        (r"/a\nb", [("R458", r"a\nb")]),
        (r"/a\u{0}b/\u{200b}", [("R458", r"a\u{0}b"), ("R458", r"\u{200b}")]),
        ("/a?b=1", [("R459", "a?b=1")]),
        ("/a#b", [("R459", "a#b")]),
        ("/{a: slug}/{a: text}", [("R463", "{a: text}")]),
    ],
)
def test_what_could_never_match_is_refused(pattern: str, complaints: list[tuple[str, str]]) -> None:
    assert told(route(pattern)) == complaints


def test_the_number_of_segments_has_a_cap() -> None:
    assert len(segments("/a" * SEGMENTS_CAP)) == SEGMENTS_CAP
    assert [code for code, _ in told(route("/a" * (SEGMENTS_CAP + 1)))] == ["R451"]


def test_a_refused_pattern_leaves_its_route() -> None:
    (kept,) = read(route("a") + "\nallow x on r for GET always").rule_set.files[0].items[:1]
    assert isinstance(kept, nodes.Route)
    assert shape(kept.matches[0].patterns[0]) == ("PathPattern", (), "a")


def test_segments_point_into_the_source_behind_escapes() -> None:
    text = route(r"/\u{e9}/{a: slug}/*")
    (pattern,) = item(text).matches[0].patterns
    assert [covered(text, segment) for segment in pattern.segments] == [r"\u{e9}", "{a: slug}", "*"]
    assert covered(text, pattern.segments[1].type) == "slug"
