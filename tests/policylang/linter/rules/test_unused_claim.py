"""L015: claims that nothing reads."""

import pytest

from tests.policylang.linter.linting import places

ISSUER = """issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   team: slug }
}
"""
READ = 'allow read on orders for GET when "orders:read" in claims.scope\n'


@pytest.mark.parametrize(
    "use",
    [
        'deny x on orders when claims.team == "a"\n',
        'deny x on orders when claims.sub == "a" unless claims.team starts with "a"\n',
        'let a_team = claims.team == "a"\nshadow deny x on orders when a_team\n',
        'request headers on orders { set X-Team "{claims.team}" }\n',
        "limit t on orders by claims.team { rate 1 per 1s burst 1   on outage deny }\n",
        'identity token t on orders { audience "a" subject claims.sub lifetime 60s header X-Id claims { t: claims.team } }\n',
        'policy p { quota 5 per day }\nselect policy on orders { use p when claims.team == "a"   refuse otherwise }\n',
    ],
    ids=["deny", "unless", "let", "header", "limit", "token", "select"],
)
def test_every_place_that_can_read_a_claim_counts(use: str) -> None:
    assert places("L015", ISSUER + READ) == ["team"]
    assert places("L015", ISSUER + READ + use) == []


def test_claims_of_a_keyring() -> None:
    ring = "keyring ring { identity by claims.account   claims { account: slug   squad: slug   grade: slug } }\n"
    route = 'route keyed { match GET on "/keyed"   trust ring   upstream "http://127.0.0.1:9000" }\n'
    use = 'allow keyed on keyed when claims.squad == "a"\n'
    found = places("L015", ring + route + use)
    assert ["grade" in found, "squad" in found, "account" in found] == [True, False, False]


def test_the_identity_is_read_by_the_gateway() -> None:
    assert "sub" not in places("L015", ISSUER + READ)


def test_reading_it_of_one_issuer_is_not_reading_it_of_another() -> None:
    staff = ISSUER.replace("corp", "staff").replace("auth.example", "staff.example")
    route = 'route tools { match GET on "/tools"   trust staff   upstream "http://127.0.0.1:9000" }\n'
    allow = 'allow tools on tools when "tools" in claims.scope and claims.team == "a"\n'
    assert places("L015", ISSUER + staff + route + READ + allow) == ["team"]
