"""Heads that travel on: what a client can never say, whatever it sends and however it spells it."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.message.forward import Drops
from gateway.rewrite.head import HeadBuilder, origin_lines, without_cookies
from policylang.embed import connection_listed, fold

ORIGIN = origin_lines(b"203.0.113.9", b"https", b"api.example.com", b"00aa")
OUTPUTS = frozenset({b"x-user", b"x-roles", b"authorization"})
NOTHING = Drops(frozenset(), (), frozenset())
OWN = b"X-User: u1\r\nX-Roles: a,b\r\n"


def build(*headers: tuple[bytes, bytes], drops: Drops = NOTHING) -> list[tuple[bytes, bytes]]:
    listed = connection_listed(v for n, v in headers if n.lower() == b"connection")
    head = HeadBuilder(OUTPUTS).build(b"GET /a?b", headers, listed, drops, ORIGIN + OWN, b"svc:9000")
    lines = head.split(b"\r\n")
    assert lines[0] == b"GET /a?b HTTP/1.1"
    assert lines[-1] == b""
    return [(name, value) for name, _, value in (line.partition(b": ") for line in lines[1:-1])]


def test_what_travels() -> None:
    assert build((b"Accept", b"*/*"), (b"Host", b"api.example.com"), (b"X-Custom", b"1")) == [
        (b"Host", b"svc:9000"),
        (b"Accept", b"*/*"),
        (b"X-Custom", b"1"),
        (b"Via", b"1.1 policylang"),
        (b"X-Forwarded-For", b"203.0.113.9"),
        (b"X-Forwarded-Proto", b"https"),
        (b"X-Forwarded-Host", b"api.example.com"),
        (b"X-Request-Id", b"00aa"),
        (b"X-User", b"u1"),
        (b"X-Roles", b"a,b"),
    ]


names = st.sampled_from(
    [
        *(
            b"X-User",
            b"x-user",
            b"X_USER",
            b"x_User",
            b"X.User",
            b"X!Roles",
            b"X~User",
            b"X.Forwarded.For",
            b"X-Roles",
            b"X_rOLES",
            b"Authorization",
            b"AUTHORIZATION",
        ),
        *(b"Forwarded", b"X-Forwarded-For", b"X_Forwarded_For", b"X-Forwarded-Anything", b"X-Real-IP", b"X-Request-Id"),
        *(b"Connection", b"Keep-Alive", b"TE", b"Trailer", b"Transfer-Encoding", b"Upgrade", b"Proxy-Authorization"),
        *(b"Content-Length", b"Expect", b"Host", b"Via", b"Accept", b"X-Other", b"Cookie"),
    ]
)
values = st.sampled_from([b"root", b"X-User, X-Roles", b"close", b"x_user", b"chunked", b"1"])


@given(st.lists(st.tuples(names, values), max_size=12))
def test_nothing_of_the_clients_stands_for_the_gateway(headers: list[tuple[bytes, bytes]]) -> None:
    built = build(*headers)
    for folded, wanted in ((b"x-user", b"u1"), (b"x-roles", b"a,b"), (b"x-forwarded-for", b"203.0.113.9")):
        assert [value for name, value in built if fold(name) == folded] == [wanted]
    assert [value for name, value in built if fold(name) == b"host"] == [b"svc:9000"]
    gone = {b"authorization", b"connection", b"transfer-encoding", b"content-length", b"upgrade", b"x-real-ip", b"te"}
    assert not gone & {fold(name) for name, _ in built}


def test_what_connection_lists_goes_and_cannot_take_the_gateways_lines() -> None:
    built = build((b"Connection", b"x-user, X-Hop, close"), (b"X-Hop", b"1"), (b"X_Hop", b"2"), (b"Accept", b"*/*"))
    assert (b"X-User", b"u1") in built
    assert (b"Accept", b"*/*") in built
    assert not any(fold(name) == b"x-hop" for name, _ in built)


def test_a_route_drops_names_beginnings_and_credential_cookies() -> None:
    drops = Drops(frozenset({b"cookie2", b"x-token"}), (b"x-debug-",), frozenset({b"session"}))
    built = build(
        (b"X-Token", b"t"),
        (b"X_Debug_A", b"1"),
        (b"Cookie", b"a=1; session=secret;b=2"),
        (b"cookie", b"session=secret"),
        drops=drops,
    )
    assert [value for name, value in built if fold(name) == b"cookie"] == [b"a=1; b=2"]
    assert not {b"x-token", b"x-debug-a"} & {fold(name) for name, _ in built}


@given(st.lists(st.sampled_from([b"a=1", b"session=x", b" session =y", b"", b"sessions=z", b"session"]), max_size=6))
def test_cookies_lose_exactly_the_credentials(pairs: list[bytes]) -> None:
    left = without_cookies(b";".join(pairs), frozenset({b"session"}))
    kept = [p.strip() for p in pairs if p and p.split(b"=")[0].strip() != b"session"]
    assert left == b"; ".join(kept)


def test_names_are_remembered_within_bounds() -> None:
    builder = HeadBuilder(OUTPUTS)
    for number in range(10_000):
        headers = ((b"X-%d" % number, b"1"), (b"X_User", b"root"))
        head = builder.build(b"GET /", headers, frozenset(), NOTHING, ORIGIN + OWN, b"h")
        assert b"root" not in head
