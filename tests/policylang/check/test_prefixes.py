import pytest

from tests.policylang.check.rule_sets import route, sound, told

ITEMS = 'GET on "/v1/a b/items/{id: slug}"'


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("/v1", []),
        ("/v1/a b", []),
        ("/v1/a b/items", []),
        ("/v1/a b/items/x", ["R306"]),
        ("/v", ["R306"]),
        ("/V1", ["R306"]),
        ("v1", ["R305"]),
        ("/v1/", ["R305"]),
        ("/", ["R305"]),
        ("//v1", ["R305"]),
        ("/v1/../v1", ["R305"]),
        ("/v1/./a", ["R305"]),
        ("/v1/a%20b", ["R305"]),
        ("/v1?x", ["R305"]),
        ("/v1/{claims.sub}", ["R257"]),
    ],
)
def test_a_prefix_to_strip_is_literal_in_every_pattern(prefix: str, codes: list[str]) -> None:
    assert told(route("items", f'strip prefix "{prefix}"', match=ITEMS)) == codes


def test_a_prefix_longer_than_a_pattern_is_not_there() -> None:
    assert told(route("items", 'strip prefix "/v1/x"', match='GET on "/v1"')) == ["R306"]
    assert told(route("items", 'strip prefix "/v1"', match='GET on "/v1"')) == []


def test_only_the_first_pattern_without_the_prefix_is_shown() -> None:
    assert told(route("items", 'strip prefix "/v1"', match='GET on "/a", "/b", "/v1/c"')) == ["R306"]


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [("/api", []), ("/api/ü", []), ("/api/", ["R305"]), ("api", ["R305"]), ("", ["R305"]), ("/a#b", ["R305"]),
     ("/a;b", ["R305"]), ("/a\\\\b", ["R305"]), ("/a\\tb", ["R305"])],
)  # fmt: skip
def test_a_prefix_to_add_is_whole_segments(prefix: str, codes: list[str]) -> None:
    assert told(route("items", f'add prefix "{prefix}"')) == codes


def test_prefixes_arrive() -> None:
    made = sound(route("items", 'strip prefix "/v1" add prefix "/api/v2"', match=ITEMS)).routes["items"]
    assert (made.strip_prefix, made.add_prefix) == ("/v1", "/api/v2")
    assert (sound("").routes["orders"].strip_prefix, sound("").routes["orders"].add_prefix) == ("", "")
