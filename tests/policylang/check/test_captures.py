import pytest

from policylang.typesys.terms import Int, Slug
from tests.policylang.check.rule_sets import route, sound, told


def test_captures_of_path_and_host_are_the_captures_of_the_route() -> None:
    text = route("items", 'host "{shop: slug}.example.com"', match='GET on "/{id: int 1..9}", "/v2/{id: int 1..9}"')
    assert sound(text).routes["items"].captures == {"id": Int(1, 9), "shop": Slug()}


@pytest.mark.parametrize(
    ("match", "host", "codes"),
    [
        ('GET on "/{a: slug}", "/x"', "", ["R301"]),
        ('GET on "/x", "/{a: slug}"', "", ["R301"]),
        ('GET on "/{a: slug}", "/x/{b: slug}"', "", ["R301", "R301"]),
        ('GET on "/{a: slug}" match POST on "/y"', "", ["R301"]),
        ('GET on "/{a: slug}", "/x/{a: text}"', "", ["R302"]),
        ('GET on "/{a: int 1..9}", "/x/{a: int 1..8}"', "", ["R302"]),
        ('GET on "/{a: int 9..1}"', "", ["R400"]),
        ('GET on "/x"', 'host "{a: slug}.example.com", "fixed.example.com"', ["R301"]),
        ('GET on "/{a: slug}"', 'host "{a: slug}.example.com"', ["R303"]),
        ('GET on "/{a: slug}"', 'host "{a: text}.example.com"', ["R303"]),
        ('GET on "/{a: slug}", "/x/{a: slug}"', 'host "{b: slug}.example.com"', []),
    ],
)
def test_every_pattern_binds_the_same(match: str, host: str, codes: list[str]) -> None:
    assert sorted(told(route("items", host, match=match))) == codes


def test_rules_may_use_what_some_pattern_binds_although_another_does_not() -> None:
    text = route("items", match='GET on "/{a: slug}", "/x"')
    assert told(text + "deny other on items when claims.tenant != path.a\n") == ["R301"]
