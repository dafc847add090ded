"""L018: the raw subject in a header."""

from tests.policylang.linter.linting import findings, places


def test_the_identity_of_the_issuer_whatever_its_name() -> None:
    issuer = """issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.badge
  claims { badge: slug   scope: set of text split " " }
}
"""
    text = issuer + 'request headers on orders { set X-Badge "{claims.badge}" }\n'
    assert places("L018", text) == ["claims.badge"]
    assert findings("L018", text)[0].severity == "note"


def test_other_claims_are_left_alone() -> None:
    assert places("L018", 'request headers on orders { set X-Tenant "{claims.tenant}" }\n') == []


def test_names_of_ones_own() -> None:
    text = 'request headers on orders { set X-Tenant "{claims.tenant}" }\n'
    assert places("L018", text, subjects=("tenant",)) == ["claims.tenant"]
