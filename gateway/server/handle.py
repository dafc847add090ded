"""The spine: one request, six steps, first refusal wins.

Each step is a pure function or a narrow port; a step that must wait parks the request, and what follows runs when it is
settled. The order is the order of answers in the language reference, and nothing else decides it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked, then
from gateway.message.ports import LimitStore, Outage
from gateway.message.principal import CellFacts, Principal
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.policy.loaded import Loaded
from gateway.quota.enforce import Enforced, enforce
from gateway.server.call import Call
from gateway.server.compose import Composer
from gateway.server.locate import locate
from gateway.server.verdicts import TOKEN_REFUSED, refusal_of
from policylang.embed import Cell, Fields, Network, Verdict, facts_of, plan_model, why

Answer = Forward | Refusal


class Authenticates(Protocol):
    """Who calls, by the credential that a route's issuers accept."""

    def authenticate(
        self,
        headers: tuple[tuple[bytes, bytes], ...],
        trust: tuple[int, ...],
        anonymous: bool,
        plan_digest: str,
        issuers: tuple[plan_model.Issuer, ...],
        now: int,
    ) -> Principal | Refusal | Parked[Principal | Refusal]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the steps work with. ``proxies`` are networks whose word on the client's address is believed.

    ``explains``: why the rules refuse a request goes into its record.
    """

    current: Callable[[], Loaded]
    authenticator: Authenticates
    limits: LimitStore
    composer: Composer
    proxies: tuple[Network, ...]
    explains: bool = False


def handle(parts: Parts, request: Inbound, record: Record) -> Answer | Parked[Answer]:
    """Locate, authenticate, decide, enforce, rewrite: an answer for the listener, or parked."""
    loaded = parts.current()
    record.plan = loaded.names
    call = locate(loaded, request, record, parts.proxies)
    if isinstance(call, Refusal):
        return call
    plan, route = loaded.compiled.plan, call.route
    who = parts.authenticator.authenticate(
        request.headers, route.trust, route.anonymous, plan.semantic, plan.issuers, call.now
    )
    # Here and below: what goes on after a wait is made only where there is a wait; the usual request makes no closure.
    if isinstance(who, Parked):
        return then(who, partial(_decide, parts, call))
    return _decide(parts, call, who)


def _decide(parts: Parts, call: Call, who: Principal | Refusal) -> Answer | Parked[Answer]:
    """The principal's cell gives its verdict, with metadata where its rules need some."""
    if isinstance(who, Refusal):
        return who
    record, loaded = call.record, call.loaded
    if who.issuer is None:
        who = loaded.anonymous
    else:
        record.issuer = who.issuer
        record.identity = who.identity
    cell = loaded.compiled.cell(call.index, call.request.method, who.issuer)
    facts = _token_facts(cell, who, call.now)
    if who.issuer is None or not loaded.declares_metadata:
        return _verdict(parts, call, who, cell, facts, None)
    stored = loaded.metadata.fields(who.identity, call.now, who.key)
    if isinstance(stored, Parked) and not cell.needs_metadata:
        # Only shadow rules read it: they never wait, and say that they could not tell.
        return _verdict(parts, call, who, cell, facts, None)
    if isinstance(stored, Parked):
        return then(stored, partial(_verdict, parts, call, who, cell, facts))
    return _verdict(parts, call, who, cell, facts, stored)


def _token_facts(cell: Cell, who: Principal, now: int) -> CellFacts:
    """What the token says to this cell: kept with the principal while its interval holds."""
    key = (cell.route, cell.method)
    kept = who.cells.get(key)
    if kept is None or not kept.token.valid_from <= now < kept.token.valid_until:
        kept = who.cells[key] = CellFacts(cell.token_facts(who.claims, who.identity, now))
    return kept


def _identity_facts(
    cell: Cell, who: Principal, facts: CellFacts, found: tuple[int, Fields] | Outage | None
) -> tuple[object, ...]:
    """What the metadata says to this cell: kept for one version of it; a fault is never kept."""
    if found is None or isinstance(found, Outage):
        return cell.identity_facts(facts.token.slots, who.claims, None)
    version, fields = found
    if facts.version != version:
        facts.identity = cell.identity_facts(facts.token.slots, who.claims, fields)
        facts.version = version
    return facts.identity


def _verdict(
    parts: Parts,
    call: Call,
    who: Principal,
    cell: Cell,
    facts: CellFacts,
    found: tuple[int, Fields] | Outage | None,
) -> Answer | Parked[Answer]:
    identity = _identity_facts(cell, who, facts, found) if cell.reads_metadata else ()
    verdict = cell.decide(facts.token.slots, identity, call.facts)
    call.record.policies = verdict.policies
    call.record.shadows = verdict.shadows
    call.record.rule = verdict.rule
    if verdict.kind != "allow":
        if parts.explains:
            fields = None if found is None or isinstance(found, Outage) else found[1]
            plan, issuer, method = call.loaded.compiled.plan, who.issuer, call.request.method
            seen = facts_of(plan, call.index, issuer, who.claims, fields, call.facts, call.now)
            call.record.explanation = why(plan, call.index, method, issuer, seen, verdict)
        return refusal_of(verdict, call.loaded.compiled.plan)
    if verdict.mints and call.now >= who.expires:
        # An identity token would be born expired: where a route mints, leeway does not extend exp.
        reason = "expired: leeway does not extend exp where an identity token is minted"
        return Refusal("credential_refused", reason, headers=[TOKEN_REFUSED])
    granted = enforce(parts.limits, verdict.charges, call.now, call.record)
    if isinstance(granted, Parked):
        return then(granted, partial(_forward, parts, call, who, verdict))
    return _forward(parts, call, who, verdict, granted)


def _forward(parts: Parts, call: Call, who: Principal, verdict: Verdict, grant: Enforced) -> Answer:
    if isinstance(grant, Refusal):
        return grant
    call.record.outage_allowed = grant.outage
    call.record.kind = "allow"
    return parts.composer.compose(call, who, verdict, grant.fields)
