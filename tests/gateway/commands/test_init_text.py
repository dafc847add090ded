"""First rule sets: they parse, they name what the token has, and they hold none of its values."""

import tomllib
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.commands.init_text import (
    Shown,
    claims_of,
    environment_text,
    lifetime_of,
    rules_text,
    settings_text,
    toml_quoted,
)
from policylang.compiler import compile_tree
from policylang.formatter.format import format_tree
from policylang.linter.config import Config
from policylang.linter.lint import lint
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
    assert "    #   email: text(1..1024) optional\n" in text
    assert '    #   scope: set of text split " " optional\n' in text, "no rule reads it"
    text = rules_text(Shown("https://a", "b", ("ES256",), claims_of(payload), "orders:read"))
    assert '    scope:  set of text  split " "\n' in text


def linted(shown: Shown) -> list[tuple[str, str]]:
    tree = tree_of({"gateway.rules": rules_text(shown)})
    (formatted,) = format_tree(tree).files
    assert formatted.text == formatted.source.text
    return [(found.code, found.title) for found in lint(compile_tree(tree, None), Config(), 0).diagnostics]


@given(
    st.dictionaries(members, values), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20),
    st.sampled_from([None, "1h", "30min"]), st.sampled_from([None, "keys/main.json"]),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_in_style_and_without_findings(
    payload: dict[str, object], scope: str, lifetime: str | None, keys: str | None
) -> None:
    asked = scope if scope and isinstance(payload.get("scope"), str) else None
    shown = Shown("https://a", "b", ("ES256",), claims_of(payload), asked, None, lifetime)
    assert linted(shown) == []
    (formatted,) = format_tree(tree_of({"a.rules": rules_text(replace(shown, keys_file=keys))})).files
    assert not formatted.changed


def test_a_scope_that_is_no_set_of_text_is_not_asked_for() -> None:
    payload: dict[str, object] = {"scope": ["a", 7]}
    assert "allow authenticated on api always" in rules_text(
        Shown("https://a", "b", ("ES256",), claims_of(payload), "a")
    )


def test_how_long_tokens_live() -> None:
    for seconds, said in ((1, "1min"), (60, "1min"), (61, "2min"), (3_600, "1h"), (3_601, None), (0, None), (-5, None)):
        assert lifetime_of({"iat": 1_000, "exp": 1_000 + seconds}) == said
    for payload in ({}, {"exp": 5}, {"iat": 1.0, "exp": 5}, {"iat": True, "exp": 5}):
        assert lifetime_of(payload) is None


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
