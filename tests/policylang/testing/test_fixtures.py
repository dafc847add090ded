"""What tests give, as it arrives: payloads byte for byte, stored metadata, secrets."""

import json
from typing import Any

import pytest

from policylang.check.model import CheckedModule
from policylang.check.rows import examples
from policylang.syntax import nodes_test as ast
from policylang.testing.fixtures import SECOND, made_up_secrets, payload, stored
from tests.policylang.testing.worlds import ASK, compiled

NOW = 1_000_000 * SECOND + 999_999


def module_and_facts(step: str) -> tuple[CheckedModule, tuple[ast.Fact, ...]]:
    module = compiled(f'test "t" {{ {ASK} expect allow {step} repeat 1 expect deny 401 }}').module
    assert module is not None
    (example,) = examples(module.tests[0], module.givens, lambda _: None)
    facts = next(step.facts for step in reversed(example.steps) if isinstance(step, ast.TokenStep | ast.MetadataStep))
    assert facts is not None
    return module, facts


def text_of(facts: str, issuer: str = "corp") -> str:
    module, found = module_and_facts(f"token {issuer} {{ {facts} }}")
    return payload(module.issuers[issuer], found, NOW).decode()


def members(facts: str, issuer: str = "corp") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text_of(facts, issuer))
    return found


def test_what_is_not_said_is_as_the_issuers_tokens_have_it() -> None:
    assert members("") == {"iss": "https://auth.example.com", "aud": "api", "iat": 1_000_000, "exp": 1_001_800}
    robots = {"iss": "https://robots.example.com", "aud": "api", "iat": 1_000_000, "exp": 1_001_800}
    assert members("", "robots") == {**robots, "ctx": {"kind": "robot"}}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("iat: 10min ago", {"iat": 999_400, "exp": 1_001_200}),
        ("iat: in 10min", {"iat": 1_000_600, "exp": 1_002_400}),
        ('iat: "1970-01-02T00:00:00Z"', {"iat": 86_400, "exp": 88_200}),
        ("exp: in 1s", {"exp": 1_000_001}),
        ("exp: 1s ago", {"exp": 999_999}),
        ("nbf: 5", {"nbf": 5}),
        ('aud: ["a", "b"]', {"aud": ["a", "b"]}),
        ('auth_time: "1970-01-02T00:00:00Z"', {"auth_time": 86_400}),
        ("auth_time: 86400", {"auth_time": 86_400}),
        ('tenant: "acme"', {"https://example.com/tenant": "acme"}),
        ('org: "o"', {"ctx": {"org": "o"}}),
        ('scope: "a b"', {"scope": "a b"}),
        ('scope: ["b", "a"]', {"scope": ["b", "a"]}),
        ("level: 3", {"level": 3}),
        ('kind: raw "[]"', {"kind": []}),
        (r'sub: "zoë \"q\""', {"sub": 'zoë "q"'}),
    ],
)
def test_facts_become_members(facts: str, said: dict[str, Any]) -> None:
    found = members(facts)
    assert {name: found[name] for name in said} == said


@pytest.mark.parametrize("name", ["iss", "aud", "iat", "exp"])
def test_what_is_absent_is_not_filled_in(name: str) -> None:
    assert name not in members(f"{name}: absent")


def test_an_absent_claim_leaves_what_stands_beside_it() -> None:
    assert "ctx" not in members("org: absent")
    assert members('org: "o"  level: absent')["ctx"] == {"org": "o"}


def test_raw_facts_go_in_as_they_are_written() -> None:
    text = text_of(r'level: raw "1e0"  sub: raw "{\"a\": 1, \"a\": 2}"  exp: raw "1.50"')
    assert '"level": 1e0' in text
    assert '"sub": {"a": 1, "a": 2}' in text
    assert '"exp": 1.50' in text


def test_stored_metadata() -> None:
    module, facts = module_and_facts('metadata { roles: raw "[\\"b\\", 1]"  since: 1s ago }')
    assert module.metadata is not None
    fields = {field.name: field for field in module.metadata.fields}
    assert stored(fields, facts, NOW) == {"roles": ["b", 1], "since": 999_999}
    _, none = module_and_facts("metadata { roles: absent }")
    assert stored(fields, none, NOW) == {}


def test_secrets_are_the_same_in_every_run_and_differ_by_name() -> None:
    secrets = made_up_secrets(("a", "b"))
    assert secrets == made_up_secrets(("b", "a"))
    assert len(set(secrets.values())) == 2
