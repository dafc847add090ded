"""L021: underscores in names of headers."""

import pytest

from tests.policylang.linter.linting import places


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('request headers on orders { set "X_A" "1" }\n', ['"X_A"']),
        ('response headers on orders { set "X_A" "1" }\n', ['"X_A"']),
        ('deny x on orders when header["X_A"] present\n', ['"X_A"']),
        ('identity token t on orders { audience "a"   subject claims.sub   lifetime 60s   header "X_A" }\n', ['"X_A"']),
        ('response headers on orders { remove "X_A" }\n', []),
        ('request headers on orders { set X-A "a_b" }\n', []),
    ],
    ids=["set", "response", "read", "token", "removing-is-fine", "values-are-fine"],
)
def test_where_a_name_can_stand(text: str, found: list[str]) -> None:
    assert places("L021", text) == found


def test_the_header_of_a_credential() -> None:
    issuer = """issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   credential header "X_Token"
  claims { sub: text(1..128)   scope: set of text split " " }
}
"""
    assert places("L021", issuer) == ['"X_Token"']
