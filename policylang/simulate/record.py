"""Verdicts, in plan indices, as decisions, in names."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from policylang.plan.model import Amount, Concurrency, Plan, Quota, Rate
from policylang.runtime.decision import STATUS, ChargeRecord, Decision, DecisionKind
from policylang.runtime.verdict import Charge, Mint, Verdict

_SHADOW = {True: "true", False: "false", None: "fault"}


def decided(kind: DecisionKind, **rest: Any) -> Decision:
    """A decision of a kind, with its status."""
    return Decision(kind=kind, status=STATUS[kind], **rest)


def decision_of(plan: Plan, route: str, issuer: int | None, verdict: Verdict) -> Decision:
    """The decision that a verdict comes to before its limits are charged."""
    return decided(
        verdict.kind,
        route=route,
        issuer=None if issuer is None else plan.issuers[issuer].name,
        rule=None if verdict.rule == -1 else plan.rules[verdict.rule].name,
        faults=tuple(plan.rules[number].name for number in verdict.faults),
        acr=verdict.acr,
        policies=tuple(plan.policies[number].name for number in verdict.policies),
        charges=tuple(map(charge_record, verdict.charges)),
        request_headers=header_pairs(verdict.set_request),
        response_headers=header_pairs(verdict.set_response),
        minted=tuple(_minted(plan, mint) for mint in verdict.mints),
        shadows=tuple(sorted((plan.rules[number].name, _SHADOW[held]) for number, held in verdict.shadows)),
    )


def limited(decision: Decision, refusing: Iterable[Charge]) -> Decision:
    """An allowed request that a limit refuses: no rule decided it, and nothing is said upstream."""
    return replace(
        decision,
        kind="limited",
        status=STATUS["limited"],
        rule=None,
        charges=tuple(map(charge_record, refusing)),
        request_headers=(),
        response_headers=(),
        minted=(),
    )


def charge_record(charge: Charge) -> ChargeRecord:
    """A charge with its amount in numbers; a window that no zone bears on names none, and a lease stands only if asked."""
    return ChargeRecord(charge.name, charge.key.hex(), _figures(charge.amount))


def _figures(amount: Amount) -> tuple[str | int | None, ...]:
    if isinstance(amount, Rate):
        return "rate", amount.count, amount.per_micros, amount.burst
    if isinstance(amount, Concurrency):
        return "concurrent", amount.count, amount.hold_micros
    zone = "" if amount.window == "anchored" else amount.zone
    lease = (amount.lease,) if amount.lease else ()
    return "quota", amount.count, amount.window, amount.micros, zone, *lease


def amount_of(record: ChargeRecord) -> Amount:
    """The amount of a charge that ``charge_record`` put into numbers."""
    kind, count, *rest = record.amount
    if kind == "rate":
        return Rate(count, *rest)
    return Concurrency(count, *rest) if kind == "concurrent" else Quota(count, *rest)


def header_pairs(block: bytes) -> tuple[tuple[str, str], ...]:
    """The lines of a block as (name, value).

    >>> header_pairs(b"X-User: u1\\r\\nX-Empty: \\r\\n")
    (('X-User', 'u1'), ('X-Empty', ''))
    """
    lines = block.decode("ascii").split("\r\n")[:-1]
    pairs = (line.partition(": ") for line in lines)
    return tuple((name, value) for name, _, value in pairs)


def _minted(plan: Plan, mint: Mint) -> tuple[str, str, str, tuple[tuple[str, Any], ...]]:
    token = plan.tokens[mint.token]
    claims = {name: tuple(value) if isinstance(value, list) else value for name, value in mint.claims.items()}
    return token.name, token.header, mint.subject, tuple(sorted(claims.items()))
