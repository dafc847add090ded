"""L038: names that look alike."""

import pytest

from tests.policylang.linter.linting import findings, places


def test_underscores_and_lookalikes() -> None:
    rules = "".join(
        f'allow {name} on orders when claims.plan == "gold"\n' for name in ("foo", "f_oo", "f00", "bar1", "barl")
    )
    assert places("L038", rules) == ["f_oo", "f00", "barl"]


def test_an_allow_and_a_deny_share_their_names() -> None:
    text = "deny re_ad on orders when claims.risk absent\n"
    (found,) = findings("L038", text)
    assert found.title == "the rules `read` and `re_ad` are hard to tell apart"


@pytest.mark.parametrize(
    "text",
    [
        (
            "policy go_ld { quota 5 per day }\npolicy gold { quota 6 per day }\n"
            'select policy on orders { use gold when claims.plan == "gold"   use go_ld otherwise }\n'
        ),
        (
            "limit each on orders by identity { rate 1 per 1s burst 1   on outage deny }\n"
            "limit ea_ch on orders by identity { rate 2 per 1s burst 2   on outage deny }\n"
        ),
        'let a_b = claims.plan == "gold"\nlet ab = claims.plan == "free"\ndeny x on orders when a_b\ndeny y on orders when ab\n',
    ],
    ids=["policies", "limits", "lets"],
)
def test_every_kind_of_name(text: str) -> None:
    assert len(places("L038", text)) == 1


def test_claims_of_one_issuer() -> None:
    issuer = """issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   team_id: slug   teamid: slug }
}
"""
    assert places("L038", issuer) == ["teamid"]


def test_keyrings_and_their_claims() -> None:
    text = (
        "keyring ring { identity by claims.a_b   claims { a_b: slug   ab: slug } }\nkeyring r_ing { }\n"
        'issuer m {\n  iss "https://m.example.com"   keys keyring r_ing   algorithms HS256   audience "a"\n'
        "  lifetime at most 1h   identity by claims.sub   claims { sub: text }\n}\n"
        'route m { match GET on "/m"   trust m, ring   upstream "http://127.0.0.1:9000" }\nallow m_in on m always\n'
    )
    assert places("L038", text) == ["ab", "r_ing"]


def test_names_of_different_kinds_do_not_meet() -> None:
    assert places("L038", 'allow or_ders on orders when claims.plan == "gold"\n') == []
