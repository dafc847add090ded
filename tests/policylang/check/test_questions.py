"""Requests that can be sent, and counters that there are."""

import pytest

from tests.policylang.check.rule_sets import only, told

LIMITED = (
    "policy free { rate 5 per 1s burst 7  quota 100 per day  concurrent 4 held at most 1s }\npolicy open { quota unlimited }\n"
    'select policy on orders { use open when claims.plan == "gold"  use free otherwise }\n'
    "limit shared on orders by route { quota 50 per day on outage deny }\n"
)


def asking(request: str) -> list[str]:
    return told(f'test "t" {{ request {request} expect deny 401 }}')


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        ('GET "/"', []),
        ('GET "/a/../b"', []),
        ('PROPFIND "/a"', []),
        ('GET "/a b"', ["R744"]),
        ('GET ""', ["R744"]),
        ('GET "/ä"', ["R744"]),
        (r'GET "/\n"', ["R744"]),
        ('GET "/" from "203.0.113.9" peer "::1" host "api.example.com"', []),
        ('GET "/" from "localhost"', ["R744"]),
        ('GET "/" peer "10.0.0.0/8"', ["R744"]),
        ('GET "/" from "1.1.1.1" from "1.1.1.2"', ["R254"]),
        (r'GET "/" host "a\nb"', ["R744"]),
        ('GET "/" header X-A "1" header X-A "2"', []),
        ('GET "/" header X-A "é"', []),
        (r'GET "/" header X-A "a\nb"', ["R744"]),
        ('GET "/" header Host "a"', ["R744"]),
        ('GET "/" header Authorization "Bearer x"', ["R744"]),
        ('GET "/" header "AUTHORIZATION" "Bearer x"', ["R744"]),
    ],
)
def test_requests(request_: str, codes: list[str]) -> None:
    assert asking(request_) == codes


def test_a_credential_header_of_an_issuer_is_its_tokens_too() -> None:
    text = (
        'issuer robot { iss "https://r.example"  keys "https://r.example/jwks"  algorithms ES256  audience "api"\n'
        "  identity by claims.sub  credential header X-Robot  claims { sub: text } }\n"
        'route r { match GET on "/r"  trust robot  upstream "http://127.0.0.1:9000" }\nallow use_r on r always\n'
    )
    assert told(
        f'{text}test "t" {{ request GET "/r" header x-robot "a" expect deny 401 }}'.replace("x-robot", '"x-robot"')
    ) == ["R744"]


@pytest.mark.parametrize(
    ("used", "codes"),
    [
        ("7 of free rate", []),
        ("0 of free rate", []),
        ("8 of free rate", ["R259"]),
        ("100 of free quota", []),
        ("101 of free quota", ["R259"]),
        ("50 of limit shared", []),
        ("51 of limit shared", ["R259"]),
        ("1 of fere rate", ["R252"]),
        ("1 of limit sharde", ["R252"]),
        ("1 of open rate", ["R757"]),
        ("1 of open quota", ["R757"]),
        ("4 of free concurrent", []),
        ("5 of free concurrent", ["R259"]),
        ("1 of open concurrent", ["R757"]),
    ],
)
def test_counters(used: str, codes: list[str]) -> None:
    token = 'token corp { sub: "u"  tenant: "acme"  scope: "" }'
    assert told(f'{LIMITED}test "t" {{ {token} used {used} request GET "/v1/acme/orders/1" expect allow }}') == codes


def test_a_near_miss_of_a_limit_is_told() -> None:
    text = f'{LIMITED}test "t" {{ used 1 of limit sharde request GET "/v1/acme/orders/1" expect deny 401 }}'
    assert only(text).help == ("did you mean `shared`?",)
