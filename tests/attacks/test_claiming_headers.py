"""R14, R16: what only a hop in front of a service may say to it never comes from a client; a rule may say it."""

import pytest

from gateway.message.forward import Drops
from gateway.rewrite.head import HeadBuilder, origin_lines
from policylang.embed import CLAIMING, fold, is_settable

NOTHING = Drops(frozenset(), (), frozenset())
CLAIMS = [
    "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "Proxy", "True-Client-IP", "X-Client-IP", "CF-Connecting-IP",
    "Fastly-Client-IP", "X-Cluster-Client-IP", "X-Azure-ClientIP", "Remote-User", "X-Remote-User", "X-Remote-Groups",
    "X-Remote-Extra-Scopes", "X-Authenticated-User", "X-Authenticated-Userid", "X-Auth-Request-Email", "X-WebAuth-User",
    "X-Envoy-Original-Path", "Via",
]  # fmt: skip


def sent_on(name: bytes, own: bytes = b"") -> bytes:
    headers = ((b"Host", b"api.example.com"), (name, b"forged"), (b"X-Kept", b"1"))
    return HeadBuilder(frozenset()).build(b"GET /", headers, frozenset(), NOTHING, own, b"svc")


@pytest.mark.parametrize("name", CLAIMS)
def test_no_spelling_of_a_claim_travels(name: str) -> None:
    for spelling in (name, name.lower(), name.upper(), name.replace("-", "_"), name.replace("-", ".")):
        assert sent_on(spelling.encode()) == b"GET / HTTP/1.1\r\nHost: svc\r\nX-Kept: 1\r\n"


@pytest.mark.parametrize(
    "name", ["Proxy-Kind", "X-HTTP-Version", "X-Client", "Remote", "X-Authentic", "X-Kept-Client-IP"]
)
def test_what_only_resembles_one_travels(name: str) -> None:
    assert b"forged" in sent_on(name.encode())


@pytest.mark.parametrize("name", [claim for claim in CLAIMS if claim != "Via"])
def test_a_rule_may_set_it(name: str) -> None:
    assert is_settable(name.encode())
    own = name.encode() + b": told\r\n"
    assert sent_on(name.encode(), own).endswith(own)


def test_the_names_are_folded() -> None:
    assert all(fold(name) == name for name in CLAIMING)


def test_the_gateway_says_by_which_version_it_was_asked() -> None:
    assert origin_lines(b"::1", b"http", b"h", b"0a").startswith(b"Via: 1.1 policylang\r\n")
