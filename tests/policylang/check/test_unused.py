import pytest

from tests.policylang.check.rule_sets import CORP, ORDERS, checked, issuer, route, told


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (issuer("bots"), ["R730"]),
        (issuer("bots") + route("items", trust="bots"), []),
        ("setting x url\n", ["R731"]),
        ("setting x url\n" + route("items", upstream="setting.x"), []),
        ("setting x url\n" + issuer("bots", iss="setting.x") + route("items", trust="bots"), []),
        ("setting x url\n" + issuer("bots", keys="setting.x") + route("items", trust="bots"), []),
        ("setting x text\n" + issuer("bots", audience="setting.x") + route("items", trust="bots"), []),
        (
            "setting x text\nidentity token t on orders { audience setting.x subject claims.sub lifetime 60s header X-I }\n",
            [],
        ),
        ("let x = claims.risk absent\n", ["R732"]),
        ("let x = claims.risk absent\ndeny y on orders when x\n", []),
        ('let x = claims.risk absent\ndeny y on orders when claims.plan == "free" unless x\n', []),
        ("let x = claims.risk absent\nlet y = not x\n", ["R732", "R732"]),
        ("let x = claims.risk absent\nlet y = not x\ndeny z on orders when y\n", []),
        ("let x = y\nlet y = x\n", ["R732", "R732"]),
        (
            "policy p { }\nlet x = claims.risk absent\nselect policy on orders { use p when x  refuse otherwise }\n",
            [],
        ),
        ("policy p { quota 5 per day }\n", ["R733"]),
        ("secret s\n", ["R734"]),
        ("secret s\nrequest headers on orders { set X-S secret.s }\n", []),
        ("secret s\n" + issuer("bots", keys="secret.s", algorithms="HS256") + route("items", trust="bots"), []),
    ],
)
def test_what_nothing_uses(text: str, codes: list[str]) -> None:
    assert told(text) == codes


def test_only_issuers_and_settings_stop_the_compiler() -> None:
    warned = checked("let x = claims.risk absent\npolicy p { }\nsecret s\n" + CORP + ORDERS)
    assert warned.module is not None
    assert {d.severity for d in warned.diagnostics} == {"warning"}
    assert checked("setting x url\n" + CORP + ORDERS).module is None


@pytest.mark.parametrize(
    "text",
    [
        issuer("bots") + route("items", trust="bosts"),
        "setting x_url url\n" + route("items", upstream="setting.x_ulr"),
        "policy free { quota 5 per day }\nselect policy on orders { use fre otherwise }\n",
        "secret key\nrequest headers on orders { set X-S secret.kye }\n",
    ],
)
def test_what_a_misspelt_name_may_have_meant_is_not_called_unused(text: str) -> None:
    assert told(text) == ["R252"]


def test_uses_in_a_declaration_that_another_keeps_out_count() -> None:
    text = "let x = claims.risk absent\ndeny y on orders when claims.risk present\ndeny y on orders when x\n"
    assert told(text) == ["R250"]
