import pytest

from policylang.check.model import Segment
from policylang.typesys.terms import Slug
from tests.policylang.check.rule_sets import issuer, only, route, sound, told


def test_a_route_has_the_usual_values_where_it_says_nothing() -> None:
    made = sound(route("items")).routes["items"]
    assert (made.connect_micros, made.answer_micros, made.idle_micros) == (2_000_000, 30_000_000, 60_000_000)
    assert (made.hosts, made.tags, made.preserve_host, made.anonymous) == ((), frozenset(), False, False)


def test_what_a_route_says_arrives() -> None:
    text = issuer("bots") + route(
        "items",
        'host "a.example", "*.b.example" tags y, x preserve host timeout connect 1s timeout answer 2s timeout idle 3s',
        match='PUT, GET on "/{id: slug}/*/**" match POST on "/{id: slug}"',
        trust="corp, bots, anonymous",
        upstream='"http://b:1", "http://a:1"',
    )
    made = sound(text).routes["items"]
    assert [pattern.methods for pattern in made.patterns] == [("GET", "PUT"), ("POST",)]
    assert made.methods == ("GET", "POST", "PUT")
    segments = (Segment("capture", "id", Slug()), Segment("one"), Segment("rest"))
    assert made.patterns[0].segments == segments
    assert [[label.kind for label in host.labels] for host in made.hosts] == [
        ["literal"] * 2,
        ["one", *["literal"] * 2],
    ]
    assert (made.trust, made.anonymous) == (("bots", "corp"), True)
    assert made.upstream == ("http://b:1", "http://a:1")
    assert made.tags == {"x", "y"}
    assert made.preserve_host
    assert (made.connect_micros, made.answer_micros, made.idle_micros) == (1_000_000, 2_000_000, 3_000_000)


@pytest.mark.parametrize("field", ["match", "trust", "upstream"])
def test_a_route_needs_these(field: str) -> None:
    given = {field: ""}
    assert told(route("items", **given)) == ["R256"]


def test_what_a_route_lacks_is_told_at_once() -> None:
    assert only(route("items", match="", trust="", upstream="")).title == (
        "route `items` has no `match`, `trust` and `upstream`"
    )


@pytest.mark.parametrize(
    "field",
    [
        "trust corp", 'upstream "http://a"', 'host "a.example"', "tags a", "timeout idle 1s", 'add prefix "/a"',
        "preserve host",
    ],
)  # fmt: skip
def test_no_field_may_be_there_twice(field: str) -> None:
    name = field.split(maxsplit=1)[0]
    given = {name: field.removeprefix(name + " ")} if name in {"trust", "upstream"} else {}
    assert told(route("items", field if given else f"{field} {field}", **given)) == ["R255"]


@pytest.mark.parametrize(
    ("fields", "given", "codes"),
    [
        ("timeout connect 1min", {}, []),
        ("timeout connect 61s", {}, ["R258"]),
        ("timeout answer 0s", {}, ["R258"]),
        ("timeout idle 25h", {}, ["R258"]),
        ("tags a, a", {}, ["R254"]),
        ('host "a.example", "a.example"', {}, ["R254"]),
        ("", {"trust": "corp, corp"}, ["R254"]),
        ("", {"trust": "corp, crop"}, ["R252"]),
        ("", {"match": 'GET, GET on "/items"'}, ["R254"]),
        ("", {"match": 'CONNECT on "/items"'}, ["R300"]),
        ("", {"upstream": '"http://a", "http://a"'}, ["R254"]),
        ("", {"upstream": '"http://a/"'}, ["R304"]),
        ("", {"upstream": '"a:9000", "http://b", "http://c?d"'}, ["R304", "R304"]),
    ],
)
def test_fields(fields: str, given: dict[str, str], codes: list[str]) -> None:
    assert told(route("items", fields, **given)) == codes


def test_two_kinds_of_token_of_one_server_must_differ() -> None:
    one = issuer("people", iss='"https://id.example"')
    two = issuer("robots", iss='"https://id.example"')
    assert told(one + two + route("items", trust="people, robots")) == ["R429"]
    assert told(one + two + route("items", trust="people") + route("more", trust="robots")) == []


def test_a_route_that_trusts_nobody_known_is_not_judged_further() -> None:
    text = route("items", trust="crop") + 'deny x on items when claims.whatever == "a"\n'
    assert told(text) == ["R252"]
