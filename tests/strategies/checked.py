"""Pieces of checked modules, built by hand: for tests that judge by the model and not by the parser."""

from policylang.check.model import (
    CheckedModule,
    Claim,
    Credential,
    Host,
    IdentityToken,
    Issuer,
    KeySource,
    Limit,
    Metadata,
    Pattern,
    Policy,
    RemoveHeader,
    Route,
    Rule,
    Segment,
    Select,
    SetHeader,
    TypedExpr,
    Value,
)
from policylang.source.spans import NOWHERE
from policylang.syntax.nodes import Effect
from policylang.typesys.terms import Int, Scalar, SetOf, Slug, Text


def claim(
    name: str,
    type_: Scalar | SetOf,
    *,
    source: tuple[str, ...] | None = None,
    optional: bool = False,
    default: Value | None = None,
    always: Value | None = None,
    split: str | None = None,
    null_as_absent: bool = False,
) -> Claim:
    """A claim, found under its own name unless told."""
    return Claim(name, type_, source or (name,), optional, default, always, split, null_as_absent, NOWHERE)


def issuer(
    name: str = "corp",
    *claims: Claim,
    iss: str = "https://corp.test",
    leeway_micros: int = 0,
    lifetime_micros: int | None = None,
    marked: tuple[tuple[str, ...], str | None] | None = None,
) -> Issuer:
    """An issuer for the audience "api", identified by ``sub``."""
    return Issuer(
        name, iss, KeySource("url", f"{iss}/keys"), ("ES256",), ("api",), leeway_micros, lifetime_micros, marked,
        "sub", Credential("authorization", ""), (claim("sub", Text(1, 128)), *claims), NOWHERE,
    )  # fmt: skip


def segment(text: str) -> Segment:
    """``*``, ``**``, ``{name}`` (slug), ``{name#}`` (int 0..99) or a literal."""
    if text.startswith("{"):
        name = text.strip("{#}")
        return Segment("capture", name, Int(0, 99) if "#" in text else Slug())
    return Segment("one") if text == "*" else Segment("rest") if text == "**" else Segment("literal", text)


def route(
    name: str,
    path: str,
    methods: tuple[str, ...] = ("GET",),
    *,
    hosts: tuple[str, ...] = (),
    trust: tuple[str, ...] = ("corp",),
    anonymous: bool = False,
) -> Route:
    """A route with one pattern."""
    segments = tuple(segment(text) for text in path[1:].split("/"))
    labels = tuple(Host(tuple(segment(text) for text in host.split(".")), NOWHERE) for host in hosts)
    bound = [*segments, *(label for host in labels for label in host.labels)]
    captures = {item.text: item.type for item in bound if item.type is not None}
    return Route(
        name, (Pattern(methods, segments, NOWHERE),), labels, captures, trust, anonymous, ("http://127.0.0.1:9000",),
        frozenset(), 1, 1, 1, "", "", False, NOWHERE,
    )  # fmt: skip


def rule(
    effect: Effect,
    name: str,
    condition: TypedExpr | None = None,
    *,
    routes: tuple[str, ...] = ("r",),
    methods: tuple[str, ...] = (),
    until: int | None = None,
    step_up: str | None = None,
) -> Rule:
    """A rule on the route ``r`` unless told."""
    return Rule(effect, name, routes, methods, condition, until, step_up, NOWHERE)


def module(
    *rules: Rule,
    routes: tuple[Route, ...] = (),
    issuers: tuple[Issuer, ...] = (),
    fields: tuple[Claim, ...] | None = None,
    policies: tuple[Policy, ...] = (),
    selects: tuple[Select, ...] = (),
    set_headers: tuple[SetHeader, ...] = (),
    remove_headers: tuple[RemoveHeader, ...] = (),
    identity_tokens: tuple[IdentityToken, ...] = (),
    limits: tuple[Limit, ...] = (),
) -> CheckedModule:
    """A module; with one issuer and a route ``r`` on ``/r/**`` that trusts it, unless told."""
    return CheckedModule(
        issuers={item.name: item for item in issuers or (issuer(),)},
        metadata=None if fields is None else Metadata(30_000_000, fields, NOWHERE),
        policies={item.name: item for item in policies},
        selects=selects,
        routes={item.name: item for item in routes or (route("r", "/r/**"),)},
        rules=tuple(sorted(rules, key=lambda item: (item.effect, item.name))),
        set_headers=set_headers,
        remove_headers=remove_headers,
        identity_tokens=identity_tokens,
        limits=limits,
        secrets=(),
    )
