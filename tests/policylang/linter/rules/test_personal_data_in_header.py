"""L017: facts about persons on their way to logs."""

import pytest

from tests.policylang.linter.linting import places

ISSUER = """issuer corp {{
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims {{ sub: text(1..128)   scope: set of text split " "   {} }}
}}
"""


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("email: email", "email"),
        ("contact: email", "contact"),
        ("phone_number: text(1..20)", "phone_number"),
        ('who: text(1..20) from ["profile", "given_name"]', "who"),
    ],
)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_by_type_by_name_and_by_source(claim: str, name: str, direction: str) -> None:
    header = f'{direction} headers on orders {{ set X-Who "id={{claims.{name}}}" }}\n'
    assert places("L017", ISSUER.format(claim) + header) == [f"claims.{name}"]


def test_sets_of_them_too() -> None:
    header = 'request headers on orders { set X-Mails claims.mails joined by ","   omit when empty }\n'
    assert places("L017", ISSUER.format("mails: set of email") + header) == ["claims.mails"]


def test_names_of_ones_own_take_the_place_of_the_list() -> None:
    header = 'request headers on orders { set X-Badge "{claims.badge}" }\n'
    text = ISSUER.format("badge: slug") + header
    assert places("L017", text) == []
    assert places("L017", text, names=("badge",)) == ["claims.badge"]


def test_a_capture_of_that_name_is_no_claim() -> None:
    route = 'route orders { match GET on "/u/{name: slug}"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    assert places("L017", route + 'request headers on orders { set X-Name "{path.name}" }\n') == []
