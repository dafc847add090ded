"""Refused credentials: the issuers are told, the token is not."""

from dataclasses import replace

import pytest

from policylang.explain.refused_words import refused
from policylang.plan.model import Mark
from tests.strategies.tokens import CORP

ROBOTS = replace(CORP, name="robots", iss="https://robots.test", audience=("a", "b"), marked=Mark(("gty",), "robot"))
PEOPLE = replace(ROBOTS, name="people", marked=Mark(("x", "gty"), None))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "no reason given"),
        ("expired", "expired"),
        ("claim_invalid: sub", "claim_invalid: sub"),
        ("iss_missing", 'iss_missing: the token has no iss that is a text; the route trusts corp ("https://auth.example.com"), '),
        ("iss_unknown", 'robots ("https://robots.test" marked "gty" is "robot")'),
        ("mark_mismatch", 'people ("https://robots.test" marked ["x", "gty"] absent)'),
        ("aud_mismatch", 'corp takes "https://api.example.com"; robots takes "a" or "b"'),
    ],
)  # fmt: skip
def test_words(reason: str, said: str) -> None:
    assert said in refused(reason, (CORP, ROBOTS, PEOPLE))


def test_nobody() -> None:
    assert refused("iss_unknown", ()).endswith(": nobody")
