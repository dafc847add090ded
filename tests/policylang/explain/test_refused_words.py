"""Refused credentials: the issuers are told, the token is not."""

from dataclasses import replace

import pytest

from policylang.explain.refused_words import refused
from policylang.plan.model import Keys, Mark
from tests.strategies.tokens import CORP, claim

ROBOTS = replace(
    CORP,
    name="robots",
    iss="https://robots.test",
    audience=("a", "b"),
    algorithms=("ES256",),
    marked=Mark(("gty",), "robot"),
    claims=(claim("who", ("text", 1, 128), source=("act", "id")),),
)
PEOPLE = replace(ROBOTS, name="people", marked=Mark(("x", "gty"), None), claims=())
WHO = replace(CORP, claims=(*CORP.claims, claim("who", ("text", 1, 128), source=("sub",))))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "no reason given"),
        ("expired", "expired"),
        ("claim_invalid: sub", "claim_invalid: sub: the token's member \"sub\" is not text(1..128)"),
        ("claim_missing: who", 'the token has no member "sub" (corp) or ["act", "id"] (robots)'),
        ("claim_null: tenant", 'claim_null: tenant: the token\'s member "tenant" is null'),
        ("typ_not_allowed", "at+jwt, JWT, or no typ at all is taken"),
        ("alg_not_allowed", "corp takes ES256, RS256; robots takes ES256"),
        ("signature_missing", "signature_missing: the token is not signed"),
        ("iss_missing", 'iss_missing: the token has no iss that is a text; the route trusts corp ("https://auth.example.com"), '),
        ("iss_unknown", 'robots ("https://robots.test" marked "gty" is "robot")'),
        ("mark_mismatch", 'people ("https://robots.test" marked ["x", "gty"] absent)'),
        ("aud_mismatch", 'corp takes "https://api.example.com"; robots takes "a" or "b"'),
    ],
)  # fmt: skip
def test_words(reason: str, said: str) -> None:
    assert said in refused(reason, (WHO, ROBOTS, PEOPLE))


def test_keyrings_are_told_apart_from_issuers() -> None:
    keyring = replace(CORP, name="partners", iss="", keys=Keys("keyring", "partners"), algorithms=(), audience=())
    assert refused("key_unknown", (CORP, keyring)).endswith("of no keyring that the route trusts: partners")
    assert refused("key_unknown", (CORP,)).endswith("trusts: it trusts none")
    for reason in ("iss_unknown", "iss_missing", "mark_mismatch", "aud_mismatch", "alg_not_allowed"):
        assert "partners" not in refused(reason, (CORP, keyring))


def test_nobody() -> None:
    assert refused("iss_unknown", ()).endswith(": nobody")
