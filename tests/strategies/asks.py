"""Requests for a rule set: targets and hosts that its routes take or nearly take, tokens, metadata, times at edges."""

from collections.abc import Sequence

from hypothesis.strategies import DrawFn

from policylang.runtime.ask import Ask
from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick
from tests.strategies.payloads import STRANGER, credential, metadata
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


def asks(draw: DrawFn, schema: Schema, routes: Sequence[RouteSpec], count: int) -> list[Ask]:
    """So many requests, one after the other; now and then the clock goes back."""
    now = pool.BASE * pool.SECOND
    made = []
    for _ in range(count):
        made.append(ask(draw, schema, routes, now))
        now += pick(draw, (0, 0, 1, 333_334, 999_999, 1_000_000, 5_000_000, 900_000_000, -1, -1_000_000))
    return made


def ask(draw: DrawFn, schema: Schema, routes: Sequence[RouteSpec], now: int) -> Ask:
    """One request: mostly what one of the routes takes, with a token of an issuer that it trusts."""
    route = pick(draw, routes)
    aimed = not one_in(draw, 8)
    trusted = [issuer for issuer in schema.issuers if issuer.name in route.trust]
    issuers = trusted if trusted and not one_in(draw, 16) else (*schema.issuers, STRANGER)
    methods, path = pick(draw, ((route.methods, route.path), *route.more))
    payload, keyring = (None, None) if one_in(draw, 8) else credential(draw, issuers)
    return Ask(
        now=now,
        method=pick(draw, methods) if aimed else pick(draw, (*pool.METHODS, "HEAD", "get")),
        target=target(draw, path, route.captures) if aimed else pick(draw, TARGETS),
        host=host(draw, route) if aimed else pick(draw, HOSTS),
        headers=tuple((pick(draw, NAMES), pick(draw, VALUES)) for _ in range(draw(below(3)))),
        payload=payload,
        keyring=keyring,
        metadata=metadata(draw, schema),
        peer_ip=pick(draw, pool.ADDRESSES),
        client_ip=pick(draw, pool.ADDRESSES),
        identity_key=b"k" * 32,
        secrets=pool.SECRETS,
    )


NAMES = (*pool.HEADERS, "x-event", "X_Event", "X-Other")
VALUES = (*pool.EVENTS, *pool.EVENTS, "", "\u00e9", "a\tb", "{x}")


def target(draw: DrawFn, path: str, captures: dict[str, Kind]) -> str:
    """A target that a path pattern takes."""
    parts: list[str] = []
    for segment in path[1:].replace(": ", ":").split("/"):
        if segment.startswith("{"):
            parts.append(pick(draw, captured(captures[segment[1:].split(":")[0]])))
        elif segment == "*":
            parts.append(pick(draw, ("7", "x", "%41")))
        elif segment == "**":
            parts += pick(draw, (("x",), (), ("1", "2"), ("",)))
        else:
            parts.append(segment)
    return "/" + "/".join(parts) + pick(draw, ("", "", "?q=1", "?"))


def captured(kind: Kind) -> Sequence[str]:
    """Texts that a capture takes, percent-encoded where they must be."""
    match kind.word:
        case "int":
            return ("0", "7", "50", "99")
        case "text":
            return ("a", "b", "%61", "x%20y", "%C3%A9")
        case "email":
            return pool.EMAILS
        case _:
            return pool.SLUGS


def host(draw: DrawFn, route: RouteSpec) -> str:
    """A host that the route takes."""
    if route.host is None:
        return pick(draw, ("gateway.test", "gateway.test", "api.test"))
    zone = pick(draw, ("acme", "ACME", "api", "a"))
    return route.host.replace("{zone: slug}", zone).replace("*", zone) + pick(draw, ("", ".", ":8080"))
