import pytest

from tests.policylang.syntax.reading import item, shape, told


@pytest.mark.parametrize(
    ("step", "meaning"),
    [
        ("at 1970-01-01T00:00:01Z", ("AtStep", ("Instant", 1, "1970-01-01T00:00:01Z"))),
        ("token a { }", ("TokenStep", ("Name", "a"), ())),
        ('token a { b: "x" }', ("TokenStep", ("Name", "a"), (("Fact", ("Name", "b"), "value", ("Str", "x", ())),))),
        ("token a { b: absent }", ("TokenStep", ("Name", "a"), (("Fact", ("Name", "b"), "absent", None),))),
        ("metadata { b: -1 }", ("MetadataStep", (("Fact", ("Name", "b"), "value", ("Int", -1)),))),
        ("metadata { }", ("MetadataStep", ())),
        ("metadata down", ("MetadataStep", None)),
        ('request GET "/a"', ("RequestStep", ("Name", "GET"), ("Str", "/a", ()), None)),
        (
            'request GET "/a" from "1.2.3.4"',
            ("RequestStep", ("Name", "GET"), ("Str", "/a", ()), ("Str", "1.2.3.4", ())),
        ),
        ("repeat 41", ("RepeatStep", ("Int", 41))),
        ("expect allow", ("ExpectStep", True, None, ())),
        ("expect deny 403", ("ExpectStep", False, ("Int", 403), ())),
        ("expect allow by r", ("ExpectStep", True, None, (("Expectation", "by", (("Name", "r"),), None),))),
    ],
)
def test_steps(step: str, meaning: object) -> None:
    assert shape(item(f'test "t" {{ {step} }}')) == ("Test", ("Str", "t", ()), (meaning,))


def test_every_expectation() -> None:
    node = item('test "t" { expect deny 401 by r header X-A "{v}" header "x-b" absent policy p, q }')
    assert shape(node.steps[0].expectations) == (
        ("Expectation", "by", (("Name", "r"),), None),
        ("Expectation", "header", (("Name", "X-A"),), ("Str", "{v}", ())),
        ("Expectation", "header", (("Str", "x-b", ()),), None),
        ("Expectation", "policy", (("Name", "p"), ("Name", "q")), None),
    )


def test_braces_are_plain_where_no_template_can_be() -> None:
    node = item(r'test "a {b}" { token i { c: raw "{\"d\": [\{\}]}" } request GET "/{x" expect allow }')
    assert node.title.value == "a {b}"
    assert node.steps[0].facts[0].value.value == '{"d": [{}]}'
    assert node.steps[0].facts[0].kind == "raw"
    assert node.steps[1].target.value == "/{x"


def test_expected_headers_are_header_names() -> None:
    assert told('test "t" { expect allow header "a b" absent }') == [("R137", '"a b"')]
