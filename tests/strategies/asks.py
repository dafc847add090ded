"""Requests for a rule set: targets and hosts that its routes take or nearly take, tokens, metadata, times at edges."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from policylang.runtime.ask import Ask
from tests.strategies import pool
from tests.strategies.payloads import metadata, payloads
from tests.strategies.routes import RouteSpec
from tests.strategies.schema import Kind, Schema

TARGETS = (
    "/", "/v1", "/v1/", "/v1/orders", "/v1/orders/", "/v1/orders/7", "/v1/orders/007", "/v1/orders/100", "/v1/acme/orders",
    "/v1/acme/orders/1/2", "/v1/Acme/orders", "/v1/99", "/v1/acme/x", "/t/a/", "/t/%61", "/t/a%20b", "/t/%c3%a9", "/t/a@b/",
    "/v1/../t/a", "/v1/%2e%2e/t", "/v1//orders", "/v1/orders%2f7", "/v1/orders;x=1", "/v1/orders?x=/../y", "/v1/orders#f",
    "/v1/%252e", "/v1/%25%32e", "/v1/orders/%00", "/t/%ff", "*", "http://api.test/v1/orders", "", "/v1/o%72ders", "/v1/orders?%",
    "/t/%25", "/t/\u00e9", "/v1/orders/-0", "/nowhere", "/t/%7Bclaims.sub%7D",
)  # fmt: skip
HOSTS = (
    "gateway.test",
    "api.test",
    "API.test.:8080",
    "acme.test",
    "a.b.test",
    "[::1]:80",
    "",
    "a b",
    "-a.test",
    "api.test:99999",
)


@st.composite
def asks(draw: DrawFn, schema: Schema, routes: Sequence[RouteSpec], count: int) -> list[Ask]:
    """So many requests, one after the other; now and then the clock goes back."""
    now = pool.BASE * pool.SECOND
    made = []
    for _ in range(count):
        made.append(draw(ask(schema, routes, now)))
        now += draw(st.sampled_from((0, 0, 1, 333_334, 999_999, 1_000_000, 5_000_000, 900_000_000, -1, -1_000_000)))
    return made


@st.composite
def ask(draw: DrawFn, schema: Schema, routes: Sequence[RouteSpec], now: int) -> Ask:
    """One request."""
    route = draw(st.sampled_from(routes))
    aimed = draw(st.integers(0, 5)) > 0
    target = draw(targets(route)) if aimed else draw(st.sampled_from(TARGETS))
    host = draw(hosts(route)) if aimed else draw(st.sampled_from(HOSTS))
    method = draw(st.sampled_from(route.methods)) if aimed else draw(st.sampled_from((*pool.METHODS, "HEAD", "get")))
    values = st.sampled_from((*pool.EVENTS, *pool.EVENTS, "", "\u00e9", "a\tb", "{x}"))
    names = st.sampled_from((*pool.HEADERS, "x-event", "X_Event", "X-Other"))
    return Ask(
        now=now,
        method=method,
        target=target,
        host=host,
        headers=tuple(draw(st.lists(st.tuples(names, values), max_size=2))),
        payload=None if draw(st.integers(0, 7)) == 0 else draw(payloads(schema)),
        metadata=draw(metadata(schema)),
        peer_ip=draw(st.sampled_from(pool.ADDRESSES)),
        client_ip=draw(st.sampled_from(pool.ADDRESSES)),
        identity_key=b"k" * 32,
        secrets=pool.SECRETS,
    )


@st.composite
def targets(draw: DrawFn, route: RouteSpec) -> str:
    """A target that the route's path takes."""
    parts = []
    for segment in route.path[1:].replace(": ", ":").split("/"):
        if segment.startswith("{"):
            parts.append(draw(captured(route.captures[segment[1:].split(":")[0]])))
        elif segment == "*":
            parts.append(draw(st.sampled_from(("7", "x", "%41"))))
        elif segment == "**":
            parts += draw(st.sampled_from(([], ["x"], ["1", "2"], [""])))
        else:
            parts.append(segment)
    return "/" + "/".join(parts) + draw(st.sampled_from(("", "", "?q=1", "?")))


def captured(kind: Kind) -> st.SearchStrategy[str]:
    """Text that a capture takes, percent-encoded where it must be."""
    match kind.word:
        case "int":
            return st.sampled_from(("0", "7", "50", "99"))
        case "text":
            return st.sampled_from(("a", "b", "%61", "x%20y", "%C3%A9"))
        case "email":
            return st.sampled_from(pool.EMAILS)
        case _:
            return st.sampled_from(pool.SLUGS)


@st.composite
def hosts(draw: DrawFn, route: RouteSpec) -> str:
    """A host that the route takes."""
    if route.host is None:
        return draw(st.sampled_from(("gateway.test", "gateway.test", "api.test")))
    zone = draw(st.sampled_from(("acme", "ACME", "api", "a")))
    host = route.host.replace("{zone: slug}", zone).replace("*", zone)
    return host + draw(st.sampled_from(("", ".", ":8080")))
