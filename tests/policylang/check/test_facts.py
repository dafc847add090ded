"""Facts: declared, of their type, and each read from a member of its own."""

import pytest

from tests.policylang.check.rule_sets import ORDERS, checked, issuer, only, told

ASK = 'request GET "/v1/acme/orders/1" expect deny 401'
SETS = "metadata { fresh within 30s  roles: set of slug default []  level: int 0..9 optional  since: time optional }\n"


def with_token(facts: str) -> list[str]:
    return told(f'test "t" {{ token corp {{ {facts} }} {ASK} }}')


@pytest.mark.parametrize(
    "facts",
    [
        'sub: "u"  tenant: "a"  scope: "x y"  risk: absent',
        'scope: ["x"]',
        'scope: ""',
        'exp: "2030-01-01T00:00:00Z"  aud: "other"  iss: "x"  jti: "1"',
        "exp: 1893456000  iat: 5min ago  nbf: in 5min",
        'aud: ["a", "b"]',
        "exp: absent  aud: absent  iss: absent  iat: absent",
        'sub: raw "{}"  exp: raw "1.5"  cnf: raw "{}"',
    ],
)
def test_what_a_token_may_have(facts: str) -> None:
    assert with_token(facts) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ('sub: raw "u"', "R742"),
        ("sub: 1", "R741"),
        ('plan: "silver"', "R741"),
        ("risk: 101", "R741"),
        ("risk: true", "R741"),
        ('tenant: ["a"]', "R741"),
        ("tenant: 5min ago", "R741"),
        ("exp: 1500ms ago", "R741"),
        ('exp: "tomorrow"', "R741"),
        ("iss: 3", "R741"),
        ('tennant: "a"', "R740"),
        ("tennant: absent", "R740"),
        ('tennant: raw "1"', "R740"),
        ('sub: "u"  sub: "v"', "R254"),
        ('sub: "{claims.sub}"', "R257"),
    ],
)
def test_what_it_may_not(facts: str, code: str) -> None:
    assert with_token(facts) == [code]


def test_a_changed_token_is_still_its_issuers() -> None:
    changed = "token corp { } token with { tennant: absent }"
    assert told(f'test "t" {{ {changed} {ASK} }}') == ["R740"]


def test_an_unknown_issuer() -> None:
    found = only(f'test "t" {{ token crop {{ tennant: "a" }} {ASK} }}')
    assert (found.code, found.help) == ("R252", ("did you mean `corp`?",))


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ('roles: ["a"]  level: 3  since: 5min ago', []),
        ("level: absent", []),
        ('roles: raw "3"', []),
        ("level: 10", ["R741"]),
        ('roles: "a b"', ["R741"]),
        ("levl: 1", ["R740"]),
        ('exp: "2030-01-01T00:00:00Z"', ["R740"]),
    ],
)
def test_metadata(facts: str, codes: list[str]) -> None:
    assert told(f'{SETS}test "t" {{ metadata {{ {facts} }} {ASK} }}') == codes


def test_without_a_metadata_block_there_is_no_field() -> None:
    assert only(f'test "t" {{ metadata {{ roles: [] }} {ASK} }}').help == ("declare it first",)


def test_unknown_members_name_what_is_declared_and_not_what_every_token_has() -> None:
    found = only(f'test "t" {{ token corp {{ zzz: 1 }} {ASK} }}')
    assert found.help == ("declared are `plan`, `risk`, `scope`, `sub` and `tenant`",)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ('a: "x"', []),
        ('a: "x"  b: "x"', ["R760"]),
        ('c: "x"  d: "x"', ["R760"]),
        ('gty: "robot"  c: "x"', []),
    ],
)
def test_two_facts_of_one_member(facts: str, codes: list[str]) -> None:
    own = 'sub: text  a: text from "m"  b: text from "m"  c: text from ["p", "q"]  d: text from "p"'
    text = issuer("corp", fields='marked "gty" is "robot"', claims=own)
    result = checked(f'{text}{ORDERS.replace("{tenant: slug}", "*")}test "t" {{ token corp {{ {facts} }} {ASK} }}')
    assert [diagnostic.code for diagnostic in result.diagnostics] == codes
