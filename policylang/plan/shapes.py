"""What the annotations of ``model`` do not say: bounds, spellings, order, and what must hold between fields.

Law of this file: one object at a time; what refers to another object is in ``references``.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from policylang.plan import expressions, model, terms
from policylang.plan.fields import Reader, Readers
from policylang.plan.leaves import (
    Leaf,
    ascending,
    choice,
    identifier,
    integer,
    lower_token,
    many,
    matching,
    name,
    nullable,
    refuse,
    sorted_names,
    sorted_texts,
    token,
)  # fmt: skip

ALGORITHMS = (
    "ES256", "ES256K", "ES384", "ES512", "Ed25519", "EdDSA", "HS256", "HS384", "HS512",
    "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
)  # fmt: skip

digest = matching(r"[0-9a-f]{64}", "a SHA-256 digest in lower-case hexadecimal")
quotable = matching(r"[\x21\x23-\x5b\x5d-\x7e]+", "printable ASCII without blanks, quotes and backslashes")
field_text = matching(r"[\x20-\x7e]*", "printable ASCII (RFC 9110 section 5.5)")
_place = integer(0)
_micros = integer(0)
_sorted_tokens = many(token)

REFINED: dict[tuple[type, str], Leaf] = {
    (model.SourceFile, "path"): name,
    (model.SourceFile, "sha256"): digest,
    (model.Claim, "name"): identifier,
    (model.Claim, "type"): terms.term,
    (model.Claim, "default"): terms.constant,
    (model.Claim, "always"): terms.constant,
    (model.Claim, "split"): nullable(name),
    (model.Keys, "value"): name,
    (model.Issuer, "name"): identifier,
    (model.Issuer, "algorithms"): many(choice(ALGORITHMS)),
    (model.Issuer, "audience"): sorted_texts,
    (model.Issuer, "leeway_micros"): _micros,
    (model.Issuer, "lifetime_micros"): nullable(integer(1)),
    (model.Issuer, "at"): _place,
    (model.Metadata, "fresh_micros"): _micros,
    (model.Metadata, "at"): _place,
    (model.Rate, "count"): integer(1),
    (model.Rate, "per_micros"): integer(1),
    (model.Rate, "burst"): integer(1),
    (model.Quota, "count"): nullable(integer(0)),
    (model.Quota, "micros"): _micros,
    (model.Quota, "zone"): name,
    (model.Quota, "lease"): integer(0),
    (model.Concurrency, "count"): integer(1),
    (model.Concurrency, "hold_micros"): integer(1),
    (model.Policy, "name"): identifier,
    (model.Policy, "grants"): sorted_texts,
    (model.Policy, "at"): _place,
    (model.Arm, "policy"): integer(-1),
    (model.Arm, "named"): nullable(expressions.reference),
    (model.Arm, "at"): _place,
    (model.Select, "otherwise"): integer(-1),
    (model.Select, "at"): _place,
    (model.Segment, "type"): nullable(terms.capture_term),
    (model.Pattern, "methods"): _sorted_tokens,
    (model.Route, "name"): identifier,
    (model.Route, "captures"): sorted_names,
    (model.Route, "trust"): ascending,
    (model.Route, "upstream"): many(name),
    (model.Route, "tags"): sorted_names,
    (model.Route, "connect_micros"): _micros,
    (model.Route, "answer_micros"): _micros,
    (model.Route, "idle_micros"): _micros,
    (model.Route, "rules"): ascending,
    (model.Route, "select"): integer(-1),
    (model.Route, "set_headers"): ascending,
    (model.Route, "remove_headers"): ascending,
    (model.Route, "tokens"): ascending,
    (model.Route, "limits"): ascending,
    (model.Route, "at"): _place,
    (model.Rule, "name"): identifier,
    (model.Rule, "methods"): _sorted_tokens,
    (model.Rule, "until"): nullable(integer(0, terms.TIME_MAX)),
    (model.Rule, "step_up"): nullable(quotable),
    (model.Rule, "at"): _place,
    (model.SetHeader, "name"): token,
    (model.SetHeader, "parts"): many(expressions.template_part),
    (model.SetHeader, "joined"): nullable(expressions.reference),
    (model.SetHeader, "secret"): nullable(identifier),
    (model.SetHeader, "at"): _place,
    (model.RemoveHeader, "name"): lower_token,
    (model.RemoveHeader, "at"): _place,
    (model.MintedClaim, "name"): identifier,
    (model.MintedClaim, "value"): expressions.reference,
    (model.Token, "name"): identifier,
    (model.Token, "audience"): name,
    (model.Token, "subject"): expressions.reference,
    (model.Token, "lifetime_micros"): integer(1),
    (model.Token, "header"): token,
    (model.Token, "at"): _place,
    (model.Limit, "name"): identifier,
    (model.Limit, "key"): nullable(expressions.reference),
    (model.Limit, "at"): _place,
}


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise refuse(what)


def _ascending(keys: Iterable[Any], what: str) -> None:
    found = list(keys)
    _require(all(a < b for a, b in pairwise(found)), what)


def _claim(claim: model.Claim) -> None:
    _require(bool(claim.source), "a claim has a source")
    _require(claim.default is None or claim.always is None, "default and always exclude each other")
    for given in (claim.default, claim.always):
        _require(given is None or terms.fits(given[0], claim.type), "a constant that is not of the claim's type")


def _credential(credential: model.Credential) -> None:
    if credential.kind == "authorization":
        _require(credential.name == "", "the Authorization header has no other name")
    else:
        (lower_token if credential.kind == "header" else token)(credential.name)


def _issuer(issuer: model.Issuer) -> None:
    if issuer.opaque:
        nothing = issuer.iss, issuer.audience, issuer.leeway_micros, issuer.lifetime_micros, issuer.marked
        _require(nothing == ("", (), 0, None, None), "a keyring has nothing of tokens")
        _require(issuer.keys.value == issuer.name, "a keyring has its own keys")
    else:
        _require(bool(issuer.algorithms), "an issuer has an algorithm")
        name(issuer.iss)
    if issuer.keys.kind == "keyring":
        identifier(issuer.keys.value)
    _ascending(issuer.algorithms, "algorithms are not in ascending order, each once")
    _ascending((claim.name for claim in issuer.claims), "claims are not in ascending order, each once")
    _require(any(claim.name == issuer.identity for claim in issuer.claims), "identity is no declared claim")


def _metadata(metadata: model.Metadata) -> None:
    _ascending((field.name for field in metadata.fields), "fields are not in ascending order, each once")


def _quota(quota: model.Quota) -> None:
    _require((quota.count is None) == (quota.window is None), "count and window are both null or neither is")
    _require((quota.window == "anchored") == (quota.micros > 0), "an anchored window, and no other, has a length")
    leased = quota.lease == 0 or (quota.lease >= 2 and quota.count is not None and quota.lease * 2 <= quota.count)
    _require(leased, "a lease is of two or more, and at most half of the count")


def _arm(arm: model.Arm) -> None:
    _require((arm.policy == -1) == (arm.named is not None), "an arm has a policy or a reference that names one")


def _segment(segment: model.Segment) -> None:
    _require((segment.kind == "capture") == (segment.type is not None), "a capture, and nothing else, has a type")
    if segment.kind == "capture":
        identifier(segment.text)
    elif segment.kind != "literal":
        _require(segment.text == "", "a wildcard has no text")


def _pattern(pattern: model.Pattern) -> None:
    _require(bool(pattern.methods), "a pattern has a method")
    _ascending(pattern.methods, "methods are not in ascending order, each once")
    _require(all(s.kind != "rest" for s in pattern.segments[:-1]), "the rest can only be the last segment")


def _bound(segments: Iterable[model.Segment]) -> list[str]:
    return [segment.text for segment in segments if segment.kind == "capture"]


def _route(route: model.Route) -> None:
    _require(bool(route.patterns), "a route has a pattern")
    _require(bool(route.upstream), "a route has an upstream")
    _require(bool(route.trust) or route.anonymous, "a route trusts an issuer or anonymous")
    for host in route.hosts:
        _require(bool(host) and all(label.kind != "rest" for label in host), "a host is labels, and none is the rest")
    for pattern in route.patterns:
        for labels in route.hosts or ((),):
            captured = sorted(_bound(labels) + _bound(pattern.segments))
            _require(captured == list(route.captures), "a pattern and a host do not bind each capture once")


def _rule(rule: model.Rule) -> None:
    _ascending(rule.methods, "methods are not in ascending order, each once")
    _require(rule.until is None or rule.effect != "deny", "a deny has no until")


def _set_header(header: model.SetHeader) -> None:
    given = (bool(header.parts), header.joined is not None, header.secret is not None)
    _require(sum(given) == 1, "a header has parts, a joined set or a secret")
    for text in (header.separator, *(part[2] for part in header.parts if part[0] == "lit")):
        field_text(text)
    _require((header.separator != "") == (header.joined is not None), "a joined set, and nothing else, has a separator")


def _token(minted: model.Token) -> None:
    _ascending((claim.name for claim in minted.claims), "claims are not in ascending order, each once")


def _limit(limit: model.Limit) -> None:
    kinds = (limit.rate, limit.quota, limit.concurrency)
    _require(sum(kind is not None for kind in kinds) == 1, "a limit has a rate, a quota or a concurrency")
    _require((limit.by == "ref") == (limit.key is not None), "a limit by reference, and no other, has a key")


CHECKS: Mapping[type, Callable[[Any], None]] = {
    model.Claim: _claim,
    model.Credential: _credential,
    model.Issuer: _issuer,
    model.Metadata: _metadata,
    model.Quota: _quota,
    model.Arm: _arm,
    model.Segment: _segment,
    model.Pattern: _pattern,
    model.Route: _route,
    model.Rule: _rule,
    model.SetHeader: _set_header,
    model.Token: _token,
    model.Limit: _limit,
}

STEPPED: Mapping[type, Reader] = {model.Condition: expressions.condition}


def readers() -> Readers:
    """Readers of every class of a plan."""
    return Readers(REFINED, STEPPED, CHECKS)
