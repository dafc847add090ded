"""Who asks: the issuer of a token whose signature counts as verified, its claims, and the virtual identity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policylang.plan.model import Issuer, Plan, Route
from policylang.runtime.ask import Ask
from policylang.runtime.cell import Claims, Fields
from policylang.runtime.decision import Decision
from policylang.simulate.record import decided
from policylang.token.admit import read_token
from policylang.token.choose import choose_issuer
from policylang.token.claims import decode_claims, decode_fields
from policylang.token.compact import MAX_TOKEN_BYTES
from policylang.token.errors import JsonRefused, MetadataRefused, TokenRefused
from policylang.token.identity import virtual_identity
from policylang.token.ijson import read_ijson
from policylang.token.registered import SECOND, check_registered
from policylang.token.scalars import LAST_SECOND

NEVER = (LAST_SECOND + 1) * SECOND
"""When an access key ends is known where it is kept, and here it counts as found."""


@dataclass(frozen=True, slots=True)
class Caller:
    """``issuer`` None: anonymous. ``expires``: the token's exp in microseconds, without leeway; NEVER of an access key."""

    issuer: int | None
    claims: Claims
    identity: bytes
    expires: int


ANONYMOUS = Caller(None, (), b"", 0)


def authenticate(plan: Plan, route: Route, ask: Ask) -> Caller | Decision:
    """The caller by the issuers that the route trusts. A credential that is sent and bad is refused everywhere."""
    if not route.trust:
        return ANONYMOUS
    if ask.payload is None and ask.token is None:
        return ANONYMOUS if route.anonymous else decided("credential_missing", route=route.name)
    trusted = {plan.issuers[number].name: number for number in route.trust}
    try:
        payload, name, expires = _read(ask, [plan.issuers[number] for number in route.trust])
        issuer = plan.issuers[trusted[name]]
        claims = decode_claims(issuer.claims, payload)
    except TokenRefused as refused:
        return decided("credential_refused", route=route.name, reason=str(refused))
    identity = virtual_identity(issuer, claims, ask.identity_key)
    return Caller(trusted[name], claims, identity, expires)


def fields_of(plan: Plan, caller: Caller, stored: Mapping[str, Any] | None) -> Fields | None:
    """The identity's metadata, decoded; None, a fault, where the store is down or what it holds does not decode."""
    if plan.metadata is None or caller.issuer is None or stored is None:
        return None
    try:
        return decode_fields(plan.metadata.fields, stored)
    except MetadataRefused:
        return None


def _read(ask: Ask, candidates: Sequence[Issuer]) -> tuple[dict[str, object], str, int]:
    """What the credential says, the name of the issuer or keyring, and when it ends."""
    if ask.token is not None:
        compact, name, validity = read_token(ask.token, candidates, ask.now)
        return compact.payload, name, validity.expires
    payload = _members(ask.payload or b"")
    if ask.keyring is not None:
        if not any(issuer.opaque and issuer.name == ask.keyring for issuer in candidates):
            raise TokenRefused("key_unknown")
        return payload, ask.keyring, NEVER
    issuer = choose_issuer(candidates, payload)
    return payload, issuer.name, check_registered(issuer, payload, ask.now).expires


def _members(payload: bytes) -> dict[str, object]:
    try:
        found = read_ijson(payload, MAX_TOKEN_BYTES)
    except JsonRefused as refused:
        raise TokenRefused(f"payload_{refused.reason}") from None
    if not isinstance(found, dict):
        raise TokenRefused("payload_not_object")
    return found
