from dataclasses import replace
from typing import Any

import pytest

from policylang.plan.model import Keys, Plan, Route
from policylang.runtime.decision import Decision
from policylang.simulate.caller import ANONYMOUS, NEVER, Caller, authenticate, fields_of
from policylang.token.identity import virtual_identity
from tests.policylang.simulate.shop import NOW, SECOND, ask, payload, shop

PLAN = shop()[0].plan
ROUTES = {route.name: route for route in PLAN.routes}


def caller(route: str = "orders", **rest: Any) -> Caller | Decision:
    return authenticate(PLAN, ROUTES[route], ask(**rest))


def test_a_verified_caller() -> None:
    found = caller()
    assert isinstance(found, Caller)
    assert found.issuer is not None
    issuer = PLAN.issuers[found.issuer]
    assert issuer.name == "corp"
    assert dict(zip((c.name for c in issuer.claims), found.claims, strict=True))["scope"] == {"orders:read"}
    assert (len(found.identity), found.expires) == (16, NOW + 600 * SECOND)
    other = caller(identity_key=b"k" * 32)
    assert isinstance(other, Caller)
    assert other.identity != found.identity


def test_anonymous() -> None:
    assert caller("health", payload=b"junk") is ANONYMOUS
    assert caller("open", payload=None) is ANONYMOUS
    missing = caller(payload=None)
    assert isinstance(missing, Decision)
    assert (missing.kind, missing.route) == ("credential_missing", "orders")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "payload_not_json"), (b"[]", "payload_not_object"), (b'{"a":1,"a":2}', "payload_duplicate_member"),
        (b"{}", "iss_missing"), (payload(iss="https://corp.test/"), "iss_unknown"), (payload(exp=None), "exp_missing"),
        (payload(exp=NOW // SECOND - 10), "expired"), (payload(aud="other"), "aud_mismatch"),
        (payload(tenant=None), "claim_missing: tenant"), (payload(sub=""), "claim_invalid: sub"),
        (payload(iss="https://robots.test", sub="r" * 65, scope=None), "claim_invalid: sub"), (b"{" * 40, "payload_too_deep"),
    ],
)  # fmt: skip
def test_a_credential_that_is_sent_and_bad_is_refused_even_where_none_is_needed(sent: bytes, reason: str) -> None:
    for route in ("orders", "open"):
        if route == "open" and b"robots" in sent:
            continue
        refused = caller(route, payload=sent)
        assert isinstance(refused, Decision)
        assert (refused.kind, refused.reason, refused.issuer) == ("credential_refused", reason, None)


def ringed() -> tuple[Plan, Route]:
    """The plan, where ``orders`` trusts a keyring too, whose claims are those of corp."""
    corp = next(issuer for issuer in PLAN.issuers if issuer.name == "corp")
    ring = replace(corp, name="ring", iss="", keys=Keys("keyring", "ring"), algorithms=(), audience=(), marked=None)
    ring = replace(ring, leeway_micros=0, lifetime_micros=None)
    orders = ROUTES["orders"]
    return replace(PLAN, issuers=(*PLAN.issuers, ring)), replace(orders, trust=(*orders.trust, len(PLAN.issuers)))


def test_an_access_key_has_claims_and_no_age() -> None:
    plan, route = ringed()
    kept = b'{"sub": "u1", "tenant": "acme", "scope": "orders:read"}'
    found = authenticate(plan, route, ask(payload=kept, keyring="ring"))
    assert isinstance(found, Caller)
    assert (found.issuer, found.expires) == (len(PLAN.issuers), NEVER)
    assert found.identity == virtual_identity(plan.issuers[-1], found.claims, ask().identity_key)
    by_token = caller()
    assert isinstance(by_token, Caller)
    assert found.identity != by_token.identity


@pytest.mark.parametrize(
    ("sent", "keyring", "reason"),
    [
        (b"{}", "ring", "claim_missing: "), (b"", "ring", "payload_not_json"), (b"[]", "ring", "payload_not_object"),
        (b'{"sub": "u1", "tenant": "acme"}', "corp", "key_unknown"),
        (b'{"sub": "u1", "tenant": "acme"}', "gnir", "key_unknown"),
        (b'{"iss": "", "aud": "", "exp": 9999999999, "sub": "u1", "tenant": "acme"}', None, "iss_unknown"),
    ],
)  # fmt: skip
def test_an_access_key_that_is_none(sent: bytes, keyring: str | None, reason: str) -> None:
    refused = authenticate(*ringed(), ask(payload=sent, keyring=keyring))
    assert isinstance(refused, Decision)
    assert refused.kind == "credential_refused"
    assert refused.reason.startswith(reason)


def test_a_route_takes_its_own_issuers_only() -> None:
    refused = caller("open", payload=payload(iss="https://robots.test"))
    assert isinstance(refused, Decision)
    assert refused.reason == "iss_unknown"


def test_metadata() -> None:
    found = caller()
    assert isinstance(found, Caller)
    assert fields_of(PLAN, found, {}) == (False, frozenset())
    assert fields_of(PLAN, found, {"blocked": True, "roles": ["a"], "more": 1}) == (True, frozenset({"a"}))
    assert fields_of(PLAN, found, None) is None
    assert fields_of(PLAN, found, {"blocked": 1}) is None
    assert fields_of(PLAN, ANONYMOUS, {}) is None
