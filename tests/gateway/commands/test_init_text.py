"""First rule sets: they parse, they name what the token has, and they hold none of its values."""

import tomllib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.commands.init_text import Shown, claims_of, environment_text, rules_text, settings_text, toml_quoted
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

members = st.sampled_from(
    [
        *("scope", "scp", "sub", "iss", "tenant", "https://example.com/roles", "realm_access", "Plan", "in", "absent"),
        *("a b", "x.y", "1st", "", 'quo"te', "back\\slash", "{brace}", "issuer", "allow", "on", "auth_time", "über"),
    ]
)
values = st.one_of(
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.lists(st.text(max_size=3), max_size=2),
    st.none(),
    st.just({"a": 1}),
)


@given(st.dictionaries(members, values), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20))
def test_whatever_the_token_holds_the_rules_parse(payload: dict[str, object], scope: str) -> None:
    shown = Shown("https://a", "b", ("ES256",), claims_of(payload), scope or None)
    result = parse(tree_of({"gateway.rules": rules_text(shown)}))
    assert [d.title for d in result.diagnostics] == []


def test_values_stay_out() -> None:
    payload: dict[str, object] = {"sub": "ana", "email": "ana@example.com", "scope": "orders:read", "roles": ["admin"]}
    text = rules_text(Shown("https://a", "b", ("ES256",), claims_of(payload), None))
    assert "ana" not in text
    assert "admin" not in text
    assert "email: text(1..1024)   optional" in text
    assert 'scope: set of text split " "' in text


def test_names_are_unique_and_fit_the_language() -> None:
    claims = claims_of({"https://a/roles": ["x"], "https://b/roles": ["y"], "Roles": ["z"], "sub": "s", "über": True})
    assert [(name, member) for name, _, member, _ in claims] == [
        ("roles", "https://a/roles"),
        ("roles_2", "https://b/roles"),
        ("roles_3", "Roles"),
        ("ber", "über"),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_values_of_settings_are_the_same_in_toml(text: str) -> None:
    assert tomllib.loads(environment_text(text)) == {"service": text}
    assert tomllib.loads(settings_text([text, "localhost"]))["egress"]["private_hosts"] == [text, "localhost"]


def test_braces_need_no_escape_in_toml() -> None:
    assert toml_quoted('http://h/{a}"\\\x7f') == '"http://h/{a}\\"\\\\\\u007f"'


def test_where_the_keys_are() -> None:
    shown = Shown("https://a", "b", ("ES256",), (), None)
    assert "keys        discovered" in rules_text(shown)
    assert 'keys        file "keys/main.json"' in rules_text(replace(shown, keys_file="keys/main.json"))
