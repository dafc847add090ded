"""What must hold within one object: each sentence of ``shapes`` by an object that breaks it and one that does not."""

import json
from dataclasses import replace
from typing import Any

import pytest

from policylang.plan import model
from policylang.plan.layout import element
from policylang.plan.refused import PlanRefused
from policylang.plan.shapes import readers
from policylang.plan.steps import Pace, run
from tests.strategies.modules import everything, planned

PLAN = planned(everything())
READERS = readers()


def listed(value: Any) -> Any:
    """An object of a plan as JSON is read: members, and lists for tuples."""
    return json.loads(element(value))


def broken(value: Any, **change: Any) -> None:
    """The object is read as it is, and refused with the change."""
    raw = listed(value)
    assert run(READERS.of(type(value))(raw, Pace())) == value
    assert change.keys() <= raw.keys()
    with pytest.raises(PlanRefused):
        run(READERS.of(type(value))({**raw, **change}, Pace()))


CORP, PARTNER = PLAN.issuers
ORDERS = next(route for route in PLAN.routes if route.name == "orders")
SHOP = next(route for route in PLAN.routes if route.name == "shop")
CLAIMS = {claim.name: claim for claim in CORP.claims}
POLICIES = {policy.name: policy for policy in PLAN.policies}
RULES = {rule.name: rule for rule in PLAN.rules}
HEADERS = {header.name: header for header in PLAN.set_headers}
LIMITS = {limit.name: limit for limit in PLAN.limits}
LITERAL, CAPTURE = (
    {"kind": "literal", "text": "v1", "type": None},
    {"kind": "capture", "text": "n", "type": ["int", 0, 9]},
)
REST = {"kind": "rest", "text": "", "type": None}


@pytest.mark.parametrize(
    "change",
    [
        {"source": []},
        {"name": ""},
        {"type": ["ip"]},
        {"always": ["free"]},
        {"default": ["silver"]},
        {"default": [1]},
        {"default": []},
        {"split": ""},
    ],
)
def test_claims(change: dict[str, Any]) -> None:
    broken(CLAIMS["plan"], **change)


@pytest.mark.parametrize(
    "change",
    [
        {"algorithms": []},
        {"algorithms": ["none"]},
        {"algorithms": ["RS256", "ES256"]},
        {"algorithms": ["ES256", "ES256"]},
        {"audience": ["b", "a"]},
        {"identity": "email"},
        {"iss": ""},
        {"leeway_micros": -1},
        {"lifetime_micros": 0},
        {"at": -1},
        {"claims": []},
        {"marked": {"path": ["a"], "value": 1}},
        {"keys": {"kind": "file", "value": "x"}},
        {"keys": {"kind": "url", "value": ""}},
        {"credential": {"kind": "authorization", "name": "x"}},
        {"credential": {"kind": "header", "name": "X-Upper"}},
        {"credential": {"kind": "header", "name": ""}},
        {"credential": {"kind": "cookie", "name": "a b"}},
    ],
)
def test_issuers(change: dict[str, Any]) -> None:
    broken(CORP, **change)
    if "claims" not in change:
        broken(PARTNER, **{**change, **({"algorithms": ["HS256", "HS256"]} if change.get("algorithms") else {})})


RING = replace(
    PARTNER,
    iss="",
    keys=model.Keys("keyring", PARTNER.name),
    algorithms=(),
    audience=(),
    leeway_micros=0,
    lifetime_micros=None,
    marked=None,
)


@pytest.mark.parametrize(
    "change",
    [
        {"algorithms": ["HS256"]},
        {"audience": ["a"]},
        {"identity": "email"},
        {"iss": "https://a.test"},
        {"leeway_micros": 1},
        {"lifetime_micros": 1},
        {"marked": {"path": ["a"], "value": None}},
        {"name": "other"},
        {"keys": {"kind": "keyring", "value": "Other"}},
        {"keys": {"kind": "keyring", "value": ""}},
        {"keys": {"kind": "secret", "value": "partner"}},
    ],
)
def test_keyrings(change: dict[str, Any]) -> None:
    assert RING.opaque
    broken(RING, **change)


def test_a_keyring_verifies_the_tokens_of_an_issuer() -> None:
    issuer = replace(CORP, keys=model.Keys("keyring", "app_keys"))
    assert not issuer.opaque
    broken(issuer, algorithms=[])
    broken(issuer, iss="")
    broken(issuer, keys={"kind": "keyring", "value": "a b"})


def test_claims_of_issuers_and_metadata_are_in_order() -> None:
    assert PLAN.metadata is not None
    broken(PLAN.metadata, fields=[listed(field) for field in reversed(PLAN.metadata.fields)])
    broken(PARTNER, claims=[listed(claim) for claim in reversed(PARTNER.claims)])


@pytest.mark.parametrize(
    "quota",
    [
        {"count": None},
        {"window": None},
        {"window": "anchored"},
        {"micros": 1},
        {"window": "year"},
        {"count": -1},
        {"count": True},
        {"zone": ""},
        {"lease": 1},
        {"lease": -2},
        {"lease": 501},
        {"lease": True},
    ],
)
def test_quotas(quota: dict[str, Any]) -> None:
    broken(POLICIES["free"], quota={**listed(POLICIES["free"].quota), **quota})


@pytest.mark.parametrize("rate", [{"count": 0}, {"per_micros": 0}, {"burst": 0}, {"burst": 1.0}])
def test_rates(rate: dict[str, Any]) -> None:
    broken(POLICIES["free"], rate={**listed(POLICIES["free"].rate), **rate})


def test_policies() -> None:
    broken(POLICIES["gold"], grants=["b", "a"])
    broken(POLICIES["gold"], name="")


def test_arms() -> None:
    arm, named = PLAN.selects[1].arms[0], PLAN.selects[0].arms[0]
    assert named.policy == -1
    broken(arm, policy=-1)
    broken(arm, policy=-2)
    broken(named, named=None)
    broken(named, named=["lit", "text", "free"])
    broken(PLAN.selects[0], otherwise=-2)


@pytest.mark.parametrize(
    "segments",
    [
        [{**LITERAL, "type": ["slug"]}],
        [{**CAPTURE, "type": None}],
        [{**CAPTURE, "text": ""}],
        [{**CAPTURE, "type": ["bool"]}],
        [{**REST, "text": "x"}],
        [REST, CAPTURE],
        [LITERAL],
        [CAPTURE, {**CAPTURE}],
    ],
)
def test_segments(segments: list[dict[str, Any]]) -> None:
    broken(SHOP, patterns=[{"methods": ["GET"], "segments": segments}])


@pytest.mark.parametrize(
    "change",
    [
        {"patterns": []},
        {"patterns": [{"methods": [], "segments": [CAPTURE]}]},
        {"patterns": [{"methods": ["PUT", "GET"], "segments": [CAPTURE]}]},
        {"patterns": [{"methods": ["GE T"], "segments": [CAPTURE]}]},
        {"hosts": [[]]},
        {"hosts": [[REST]]},
        {"hosts": []},
        {"captures": ["n"]},
        {"captures": ["tenant", "n"]},
        {"upstream": []},
        {"upstream": [""]},
        {"trust": [], "anonymous": False},
        {"trust": [1, 0]},
        {"rules": [1, 1]},
        {"limits": [-1]},
        {"select": -2},
        {"tags": ["b", "a"]},
        {"connect_micros": -1},
        {"preserve_host": 1},
    ],
)
def test_routes(change: dict[str, Any]) -> None:
    broken(SHOP, **change)


def test_rules() -> None:
    broken(RULES["read"], methods=["POST", "GET"])
    broken(RULES["read"], effect="permit")
    broken(RULES["read"], until=-1)
    broken(RULES["cross"], until=5)
    broken(RULES["risky"], step_up="")
    broken(RULES["risky"], step_up='mfa", error="none')
    broken(RULES["read"], condition={"at": [0], "binding": "token", "expr": ["claim", ""]})


@pytest.mark.parametrize(
    "change",
    [
        {"parts": []},
        {"joined": ["claim", "scope"], "separator": ","},
        {"secret": "hush"},
        {"separator": ","},
        {"name": "X User"},
        {"name": "X-User\r\nX-Evil"},
        {"omit": "never"},
        {"direction": "both"},
        {"parts": [["lit", "int", 1]]},
        {"parts": [["lit", "text", "a\r\nX-Evil: 1"]]},
        {"parts": [["lit", "text", "é"]]},
    ],
)
def test_set_headers(change: dict[str, Any]) -> None:
    broken(HEADERS["X-User"], **change)


def test_joined_headers_have_a_separator() -> None:
    broken(HEADERS["X-Roles"], separator="")
    broken(HEADERS["X-Roles"], separator="\n")
    broken(HEADERS["X-Key"], secret="")


def test_other_headers_and_tokens() -> None:
    broken(PLAN.remove_headers[0], name="Server")
    token = PLAN.tokens[0]
    broken(token, lifetime_micros=0)
    broken(token, header="a:b")
    broken(token, subject=["lit", "text", "x"])
    broken(token, claims=[listed(claim) for claim in reversed(token.claims)])


def test_limits() -> None:
    broken(LIMITS["share"], rate=None)
    broken(LIMITS["share"], key=None)
    broken(LIMITS["share"], by="route")
    broken(LIMITS["total"], by="ref")
    broken(LIMITS["total"], on_outage="retry")
    both = listed(LIMITS["own"].quota)
    broken(LIMITS["share"], quota=both)


def test_concurrencies() -> None:
    slots = listed(LIMITS["slots"].concurrency)
    for wrong in ({"count": 0}, {"hold_micros": 0}, {"count": 1.0}, {"held": 1}):
        broken(LIMITS["slots"], concurrency={**slots, **wrong})
    broken(LIMITS["slots"], concurrency=None)
    broken(LIMITS["share"], concurrency=slots)


def test_an_unlimited_quota_has_no_lease() -> None:
    broken(POLICIES["none"], quota={**listed(POLICIES["none"].quota), "lease": 2})


def test_files_have_digests() -> None:
    broken(PLAN.files[0], sha256="0" * 63)
    broken(PLAN.files[0], sha256="A" * 64)
    broken(PLAN.files[0], path="")


def test_every_class_of_the_plan_has_a_reader() -> None:
    for name in (
        "SourceFile",
        "Issuer",
        "Metadata",
        "Policy",
        "Select",
        "Route",
        "Rule",
        "SetHeader",
        "Token",
        "Limit",
    ):
        assert READERS.of(getattr(model, name)) is READERS.of(getattr(model, name))
