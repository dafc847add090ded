"""L044: denies that pass what is absent."""

import pytest

from tests.policylang.linter.linting import findings, places


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("claims.risk present and claims.risk > 50", True),
        ("(claims.risk ?? 0) > 50", True),
        ("(claims.risk ?? 100) > 50", False),
        ("claims.risk absent or claims.risk > 50", False),
        ("not (claims.risk present and claims.risk < 50)", False),
        ('(claims.risk ?? 0) > 50 or claims.plan == "free"', False),
        ('claims.plan == "free"', False),
        ("(claims.risk ?? 3) == 4", True),
        ("(claims.risk ?? 3) != 4", False),
        ("(claims.risk ?? 3) <= 2", True),
    ],
)
def test_what_absence_decides(condition: str, found: bool) -> None:
    assert places("L044", f"deny risky on orders when {condition}\n") == (["claims.risk"] if found else [])


def test_texts_in_lists() -> None:
    issuer = """issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   acr: slug optional }
}
"""
    assert places("L044", issuer + 'deny weak on orders when (claims.acr ?? "mfa") in ["pwd", "none"]\n') == [
        "claims.acr"
    ]
    assert places("L044", issuer + 'deny weak on orders when (claims.acr ?? "pwd") in ["pwd", "none"]\n') == []


def test_headers_are_the_clients_anyway() -> None:
    assert places("L044", 'deny odd on orders when header["X-Odd"] present\n') == []


def test_it_is_a_note() -> None:
    assert findings("L044", "deny risky on orders when (claims.risk ?? 0) > 50\n")[0].severity == "note"
