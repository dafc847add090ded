"""The first step: what is malformed, what has no route, what a path does not take, and who is believed about addresses."""

import pytest

from gateway.message.refusal import Refusal
from gateway.server.call import Call
from gateway.server.locate import locate
from policylang.embed import trusted_networks
from tests.strategies.spine import HOST, UPSTREAM, inbound, load, record
from tests.strategies.tokens import NOW

RULES = f"""
route orders {{ match GET, POST on "/orders/{{number: int 1..99}}/**"  trust corp  {UPSTREAM} }}
route files {{ match GET on "/files/{{name: text(1..9)}}"  trust corp  {UPSTREAM} }}
allow read on orders for GET when header["X-Mode"] present and header["X-Mode"] == "on"
allow write on orders for POST always
allow see on files always
shadow deny late on files when header["X-Late"] present
deny local on files when client.ip in ["10.0.0.0/8"]
"""
PLAN = load(RULES)
MODE = (b"X-Mode", b"on")


def found(method: str, target: str, *headers: tuple[bytes, bytes], **more: object) -> Call:
    proxies = trusted_networks(more.pop("trusted", ()))  # type: ignore[arg-type]
    call = locate(PLAN, inbound(method, target, *headers, **more), record(), proxies)  # type: ignore[arg-type]
    assert isinstance(call, Call), call
    return call


def refused(method: str, target: str, *headers: tuple[bytes, bytes], **more: object) -> Refusal:
    proxies = trusted_networks(more.pop("trusted", ()))  # type: ignore[arg-type]
    answer = locate(PLAN, inbound(method, target, *headers, **more), record(), proxies)  # type: ignore[arg-type]
    assert isinstance(answer, Refusal), answer
    return answer


def test_a_call_has_what_later_steps_need() -> None:
    kept = record()
    call = locate(PLAN, inbound("GET", "/orders/7/a%20b?x=1", MODE, (b"Connection", b"close, X_Hop")), kept, ())
    assert isinstance(call, Call)
    assert PLAN.names.routes[kept.route] == "orders"
    assert (call.route.name, call.index, call.now, call.host) == ("orders", kept.route, NOW, b"api.test")
    assert (call.place.target.path, call.place.target.query) == (b"/orders/7/a%20b", b"x=1")
    assert call.listed == {b"close", b"x-hop"}
    facts = call.facts
    assert (facts.captures, facts.headers, facts.client_ip, facts.peer_ip) == (
        (7,),
        {"x-mode": "on"},
        "203.0.113.9",
        "203.0.113.9",
    )
    assert facts.now == NOW


@pytest.mark.parametrize(
    "target",
    ["*", "http://a/b", "/a//b", "/a/../b", "/a/%2e%2e/b", "/a%2fb", "/a;b", "/a#b", "/%zz", "/%2541", "/%ff", ""],
)
def test_targets_that_are_malformed(target: str) -> None:
    answer = refused("GET", target)
    assert (answer.kind, answer.status, answer.headers) == ("malformed", 400, [])
    assert answer.reason
    assert target not in answer.reason or not target


@pytest.mark.parametrize(
    ("hosts", "reason"),
    [
        ([], "host_missing"),
        ([HOST, HOST], "host_repeated"),
        ([HOST, (b"hOST", b"other.test")], "host_repeated"),
        ([(b"Host", b"")], "host_invalid"),
        ([(b"Host", b"a b")], "host_invalid"),
        ([(b"Host", b"user@a")], "host_invalid"),
    ],
)
def test_exactly_one_host(hosts: list[tuple[bytes, bytes]], reason: str) -> None:
    answer = refused("GET", "/orders/7/a", *hosts, MODE, host=False)
    assert (answer.kind, answer.reason) == ("malformed", reason)


@pytest.mark.parametrize(
    "target", ["/", "/orders", "/orders/0/a", "/orders/seven/a", "/Orders/7/a", "/files/", "/files/a/b"]
)
def test_no_route(target: str) -> None:
    answer = refused("GET", target)
    assert (answer.kind, answer.status, answer.headers) == ("no_route", 404, [])


@pytest.mark.parametrize("method", ["DELETE", "get", "HEAD", "OPTIONS"])
def test_a_method_that_the_path_does_not_take_is_told_which_it_takes(method: str) -> None:
    answer = refused(method, "/orders/7/a")
    assert (answer.kind, answer.status) == ("method_not_allowed", 405)
    assert answer.headers == [("Allow", "GET, POST")]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([MODE, MODE], "header_repeated"),
        ([MODE, (b"x-mode", b"off")], "header_repeated"),
        ([(b"X-Mode", b"\xc3\xa9")], "header_not_text"),
        ([(b"X-Mode", b"a\x01")], "header_not_text"),
    ],
)
def test_a_header_that_rules_read_is_one_text(headers: list[tuple[bytes, bytes]], reason: str) -> None:
    answer = refused("GET", "/orders/7/a", *headers)
    assert (answer.kind, answer.reason) == ("malformed", reason)


def test_headers_that_no_rule_of_the_method_reads_are_left_alone() -> None:
    assert found("POST", "/orders/7/a", MODE, MODE).facts.headers == {}
    assert found("GET", "/orders/7/a", MODE, (b"X-Other", b"\xff"), (b"X-Other", b"1")).facts.headers == {
        "x-mode": "on"
    }


def test_what_shadow_rules_alone_read_refuses_nothing() -> None:
    call = found("GET", "/files/a", (b"X-Late", b"1"), (b"X-Late", b"2"))
    assert call.facts.headers == {}
    assert call.facts.unreadable == {"x-late"}


@pytest.mark.parametrize(
    ("peer", "trusted", "lines", "client"),
    [
        ("203.0.113.9", [], [b"10.0.0.1"], "203.0.113.9"),
        ("203.0.113.9", ["192.0.2.0/24"], [b"10.0.0.1"], "203.0.113.9"),
        ("192.0.2.1", ["192.0.2.0/24"], [], "192.0.2.1"),
        ("192.0.2.1", ["192.0.2.0/24"], [b"10.0.0.1"], "10.0.0.1"),
        ("192.0.2.1", ["192.0.2.0/24"], [b"1.1.1.1, 10.0.0.1, 192.0.2.7"], "10.0.0.1"),
        ("192.0.2.1", ["192.0.2.0/24"], [b"1.1.1.1", b"10.0.0.1"], "10.0.0.1"),
        ("192.0.2.1", ["192.0.2.0/24"], [b"::ffff:10.0.0.1"], "10.0.0.1"),
    ],
)
def test_the_client_is_who_trusted_proxies_say(peer: str, trusted: list[str], lines: list[bytes], client: str) -> None:
    headers = [(b"X-Forwarded-For", line) for line in lines]
    call = found("GET", "/files/a", *headers, peer=peer, trusted=trusted)
    assert (call.facts.client_ip, call.facts.peer_ip) == (client, peer)


def test_a_trusted_proxy_that_writes_rubbish_is_malformed() -> None:
    answer = refused("GET", "/files/a", (b"x-forwarded-FOR", b"rubbish"), peer="192.0.2.1", trusted=["192.0.2.0/24"])
    assert (answer.kind, answer.reason) == ("malformed", "forwarded_invalid")
    assert found("GET", "/files/a", (b"X-Forwarded-For", b"rubbish")).facts.client_ip == "203.0.113.9"
