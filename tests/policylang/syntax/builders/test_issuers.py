import pytest

from policylang.syntax import nodes
from tests.policylang.syntax.reading import item, shape, told


def issuer(body: str) -> nodes.Issuer:
    node = item(f"issuer a {{ {body} }}")
    assert isinstance(node, nodes.Issuer)
    return node


def test_settings_and_secrets() -> None:
    assert shape(item("setting a url")) == ("Setting", ("Name", "a"), "url")
    assert shape(item("setting a text")) == ("Setting", ("Name", "a"), "text")
    assert shape(item("setting a int")) == ("Setting", ("Name", "a"), "int")
    assert shape(item("secret b")) == ("Secret", ("Name", "b"))


@pytest.mark.parametrize(
    ("body", "field", "meaning"),
    [
        ('iss "https://a"', "iss", (("Str", "https://a", ()),)),
        ("iss setting.a", "iss", (("SettingRef", "a"),)),
        ('iss "a" iss "b"', "iss", (("Str", "a", ()), ("Str", "b", ()))),
        ('keys "https://a/jwks"', "keys", (("KeysUrl", ("Str", "https://a/jwks", ())),)),
        ("keys setting.a", "keys", (("KeysUrl", ("SettingRef", "a")),)),
        ('keys file "keys/a.json"', "keys", (("KeysFile", ("Str", "keys/a.json", ())),)),
        ("keys secret.k", "keys", (("KeysSecret", ("SecretRef", "k")),)),
        ("keys discovered", "keys", (("KeysDiscovered",),)),
        ("keys keyring k", "keys", (("KeysKeyring", ("Name", "k")),)),
        ("algorithms ES256, RS256", "algorithms", ((("Name", "ES256"), ("Name", "RS256")),)),
        ('audience "a", setting.b', "audience", ((("Str", "a", ()), ("SettingRef", "b")),)),
        ("leeway 30s", "leeway", (("Duration", 30_000_000, "30s"),)),
        ("lifetime at most 1h", "lifetime", (("Duration", 3_600_000_000, "1h"),)),
        ('marked "gty" is "m2m"', "marked", (("Marked", (("Str", "gty", ()),), ("Str", "m2m", ())),)),
        ('marked ["a", "b"] absent', "marked", (("Marked", (("Str", "a", ()), ("Str", "b", ())), None),)),
        ("identity by claims.sub", "identity", (("Ref", "claims", "sub"),)),
        ("credential header X-Token", "credential", (("Credential", "header", ("Name", "X-Token")),)),
        ('credential header "x-token"', "credential", (("Credential", "header", ("Name", "x-token")),)),
        ('credential cookie "session"', "credential", (("Credential", "cookie", ("Name", "session")),)),
        ("claims { }", "claims", ((),)),
    ],
)
def test_fields_are_kept_in_order_even_twice(body: str, field: str, meaning: object) -> None:
    assert shape(getattr(issuer(body), field)) == meaning


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("", ((), (), ())),
        ("identity by claims.a", ((("Ref", "claims", "a"),), (), ())),
        ("credential header X-Key", ((), (("Credential", "header", ("Name", "X-Key")),), ())),
        ('credential cookie "key"', ((), (("Credential", "cookie", ("Name", "key")),), ())),
        ("claims { } claims { }", ((), (), ((), ()))),
    ],
)
def test_a_keyring_has_three_fields(body: str, fields: tuple[object, ...]) -> None:
    assert shape(item(f"keyring a {{ {body} }}")) == ("Keyring", ("Name", "a"), *fields)


@pytest.mark.parametrize(
    "field",
    [
        'iss "a"',
        'keys "a"',
        "algorithms ES256",
        'audience "a"',
        "leeway 1s",
        "lifetime at most 1h",
        'marked "a" absent',
    ],
)
def test_a_keyring_has_no_field_of_tokens(field: str) -> None:
    word = field.split(maxsplit=1)[0]
    assert told(f"keyring a {{ {field} }}") == [("R173", word)]
    assert told(f"keyring a {{ identity by claims.a {field} }}") == [("R173", word)]
    assert told(f"keyring a {{ credential {word} }}") == [("R103", word)]


def test_a_keyring_needs_a_name_and_is_named_by_one() -> None:
    assert told("keyring { }") == [("R103", "{")]
    assert told("issuer a { keys keyring }") == [("R103", "}")]
    assert told("issuer a { keys keyring.b }") == [("R103", ".b")]


def test_an_empty_issuer_has_no_field() -> None:
    assert shape(issuer("")) == ("Issuer", ("Name", "a"), *[()] * 10)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('credential cookie "a b"', ("R171", '"a b"')),
        ('credential cookie ""', ("R171", '""')),
        ('credential cookie "{claims.a}"', ("R171", '"{claims.a}"')),
        ("marked [] absent", ("R170", "[]")),
        ('credential header "a b"', ("R137", '"a b"')),
    ],
)
def test_what_names_nothing_is_refused(body: str, complaint: tuple[str, str]) -> None:
    assert told(f"issuer a {{ {body} }}") == [complaint]
