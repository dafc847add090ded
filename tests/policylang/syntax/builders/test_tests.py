import pytest

from tests.policylang.syntax.reading import item, shape, told

X = ("Str", "x", ())


@pytest.mark.parametrize(
    ("step", "meaning"),
    [
        ("at 1970-01-01T00:00:01Z", ("AtStep", ("Instant", 1, "1970-01-01T00:00:01Z"))),
        ("after 10min", ("AfterStep", ("Duration", 600_000_000, "10min"))),
        ("given ana", ("GivenStep", ("Name", "ana"))),
        ("token a { }", ("TokenStep", ("Name", "a"), ())),
        ('token a { b: "x" }', ("TokenStep", ("Name", "a"), (("Fact", ("Name", "b"), "value", X),))),
        ("token with { b: row.c }", ("TokenStep", None, (("Fact", ("Name", "b"), "value", ("RowRef", "c")),))),
        ('token raw "x"', ("RawTokenStep", X)),
        ("token raw row.x", ("RawTokenStep", ("RowRef", "x"))),
        ("token absent", ("RawTokenStep", None)),
        ("metadata { b: -1 }", ("MetadataStep", (("Fact", ("Name", "b"), "value", ("Int", -1)),))),
        ("metadata { }", ("MetadataStep", ())),
        ("metadata down", ("MetadataStep", None)),
        ("used 9 of p quota", ("UsedStep", ("Int", 9), ("Counter", "quota", ("Name", "p")))),
        ("used row.n of p rate", ("UsedStep", ("RowRef", "n"), ("Counter", "rate", ("Name", "p")))),
        ("used 0 of limit p", ("UsedStep", ("Int", 0), ("Counter", "limit", ("Name", "p")))),
        ('request GET "x"', ("RequestStep", ("Name", "GET"), X, ())),
        ("request row.a row.b", ("RequestStep", ("RowRef", "a"), ("RowRef", "b"), ())),
        ("repeat 41", ("RepeatStep", ("Int", 41))),
    ],
)
def test_steps(step: str, meaning: object) -> None:
    assert shape(item(f'test "t" {{ {step} }}')) == ("Test", ("Str", "t", ()), (meaning,))


@pytest.mark.parametrize(
    ("part", "meaning"),
    [
        ('from "x"', ("RequestPart", "from", None, X)),
        ("peer row.p", ("RequestPart", "peer", None, ("RowRef", "p"))),
        ('host "x"', ("RequestPart", "host", None, X)),
        ('header X-A "x"', ("RequestPart", "header", ("Name", "X-A"), X)),
        ('header "x_a" row.v', ("RequestPart", "header", ("Str", "x_a", ()), ("RowRef", "v"))),
    ],
)
def test_parts_of_a_request(part: str, meaning: object) -> None:
    (step,) = item(f'test "t" {{ request GET "/" {part} }}').steps
    assert shape(step.parts) == (meaning,)


@pytest.mark.parametrize(
    ("fact", "kind", "value"),
    [
        ("absent", "absent", None),
        ("5min ago", "ago", ("Duration", 300_000_000, "5min")),
        ("in 1s", "ahead", ("Duration", 1_000_000, "1s")),
        ('["x"]', "value", ("StrSet", (X,))),
        ("true", "value", ("Bool", True)),
        ('raw "x"', "raw", X),
    ],
)
def test_facts(fact: str, kind: str, value: object) -> None:
    (step,) = item(f'test "t" {{ token a {{ b: {fact} }} }}').steps
    assert shape(step.facts) == (("Fact", ("Name", "b"), kind, value),)


def test_rows_have_facts_methods_and_answers() -> None:
    (step,) = item('test "t" { row { a: 3  b: GET  c: deny 403 by r  d: allow  e: absent } }').steps
    number, method, refused, allowed, absent = step.cells
    assert shape(number) == ("Fact", ("Name", "a"), "value", ("Int", 3))
    assert shape(method) == ("Cell", ("Name", "b"), ("Name", "GET"))
    assert shape(refused)[2][:3] == ("Expected", False, ("Int", 403))  # type: ignore[index]
    assert shape(allowed) == ("Cell", ("Name", "d"), ("Expected", True, None, ()))
    assert shape(absent) == ("Fact", ("Name", "e"), "absent", None)


def test_a_fixture_has_what_stands_before_a_request() -> None:
    node = item("given ana { at 1970-01-01T00:00:01Z  token a { }  metadata down }")
    assert shape(node)[:2] == ("Given", ("Name", "ana"))  # type: ignore[index]
    assert [type(step).__name__ for step in node.steps] == ["AtStep", "TokenStep", "MetadataStep"]
    assert [code for code, _ in told('given ana { request GET "/" }')] == ["R103"]


def test_braces_are_plain_where_no_template_can_be() -> None:
    node = item(r'test "a {b}" { token i { c: raw "{\"d\": [\{\}]}" } request GET "/{x" expect allow }')
    assert node.title.value == "a {b}"
    assert node.steps[0].facts[0].value.value == '{"d": [{}]}'
    assert node.steps[0].facts[0].kind == "raw"
    assert node.steps[1].target.value == "/{x"


def test_headers_have_names_that_headers_have() -> None:
    assert told('test "t" { expect allow header "a b" absent }') == [("R137", '"a b"')]
    assert told('test "t" { request GET "/" header "a b" "x" }') == [("R137", '"a b"')]
