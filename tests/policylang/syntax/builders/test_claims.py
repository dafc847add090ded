import pytest

from policylang.syntax import nodes
from tests.policylang.syntax.reading import covered, item, shape, told


def claim(declaration: str) -> nodes.Claim:
    (node,) = item(f"issuer a {{ claims {{ {declaration} }} }}").claims[0]
    assert isinstance(node, nodes.Claim)
    return node


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("text", ("text", None, None, (), None)),
        ("text(1..128)", ("text", 1, 128, (), None)),
        ("text(0..0)", ("text", 0, 0, (), None)),
        ("slug", ("slug", None, None, (), None)),
        ("bool", ("bool", None, None, (), None)),
        ("time", ("time", None, None, (), None)),
        ("email", ("email", None, None, (), None)),
        ("cidr", ("cidr", None, None, (), None)),
        ("int 0..100", ("int", 0, 100, (), None)),
        ("int -5..+5", ("int", -5, 5, (), None)),
        ('one of "a"', ("enum", None, None, (("Str", "a", ()),), None)),
        ('one of "a", "b"', ("enum", None, None, (("Str", "a", ()), ("Str", "b", ())), None)),
        ("set of slug", ("set", None, None, (), ("TypeTerm", "slug", None, None, (), None))),
        ("set of text(1..9)", ("set", None, None, (), ("TypeTerm", "text", 1, 9, (), None))),
    ],
)
def test_types(written: str, term: object) -> None:
    assert shape(claim(f"c: {written}").type) == ("TypeTerm", *term)  # type: ignore[misc]


def test_a_bare_claim_is_required_and_named_as_in_the_token() -> None:
    assert shape(claim("sub: slug")) == (
        "Claim", ("Name", "sub"), ("TypeTerm", "slug", None, None, (), None), False, None, None, None, None, False,
    )  # fmt: skip


def test_every_modifier() -> None:
    node = claim('c: set of text optional null as absent split " " default [] from ["a", "b"]')
    assert (node.optional, node.null_as_absent) == (True, True)
    assert shape(node.split) == ("Str", " ", ())
    assert shape(node.default) == ("StrSet", ())
    assert shape(node.source) == (("Str", "a", ()), ("Str", "b", ()))
    assert shape(claim("c: int 0..9 default -1").default) == ("Int", -1)
    assert shape(claim('c: slug always "acme"').always) == ("Str", "acme", ())
    assert shape(claim("c: bool default false").default) == ("Bool", False)


def test_a_member_name_is_one_name_whatever_it_looks_like() -> None:
    node = claim('tenant: slug from "https://example.com/a.b/tenant"')
    assert shape(node.source) == (("Str", "https://example.com/a.b/tenant", ()),)


@pytest.mark.parametrize(
    ("declaration", "complaint"),
    [
        ('c: slug default "a" default "b"', ("R172", 'default "b"')),
        ("c: slug optional null as absent optional", ("R172", "optional")),
        ("c: slug from []", ("R170", "[]")),
    ],
)
def test_modifiers_stand_once_and_name_something(declaration: str, complaint: tuple[str, str]) -> None:
    assert told(f"issuer a {{ claims {{ {declaration} }} }}") == [complaint]


def test_metadata() -> None:
    node = item("metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }")
    assert shape(node.fresh) == ("Duration", 30_000_000, "30s")
    assert [field.name.text for field in node.fields] == ["roles", "blocked"]
    assert shape(item("metadata { }")) == ("Metadata", None, ())
    assert shape(item("metadata { fresh within 1s }").fields) == ()


def test_a_declaration_covers_its_modifiers() -> None:
    text = 'metadata { a: slug default "x"   b: bool }'
    assert [covered(text, field) for field in item(text).fields] == ['a: slug default "x"', "b: bool"]
