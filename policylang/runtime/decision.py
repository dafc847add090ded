"""The record of one decision, in names: what the differential tests compare and ``explain`` and the log print."""

from dataclasses import dataclass
from typing import Any, Literal

DecisionKind = Literal[
    "allow", "malformed", "no_route", "method_not_allowed", "credential_missing", "credential_refused", "keys_fault",
    "denied", "step_up", "deny_fault", "no_allow", "credential_required", "allow_fault", "policy_fault",
    "policy_refused", "limited", "limit_outage", "render_fault", "render_refused",
]  # fmt: skip

STATUS: dict[str, int] = {
    "allow": 200,
    "malformed": 400,
    "no_route": 404,
    "method_not_allowed": 405,
    "credential_missing": 401,
    "credential_refused": 401,
    "keys_fault": 503,
    "denied": 403,
    "step_up": 401,
    "deny_fault": 503,
    "no_allow": 403,
    "credential_required": 401,
    "allow_fault": 503,
    "policy_fault": 503,
    "policy_refused": 403,
    "limited": 429,
    "limit_outage": 503,
    "render_fault": 503,
    "render_refused": 403,
}


@dataclass(frozen=True, slots=True)
class ChargeRecord:
    """A limit charged, or refusing. ``key`` is the hex of the counter's key; ``amount`` is (kind, numbers…)."""

    limit: str
    key: str
    amount: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """``status`` 200 means forwarded. Names are sorted where order carries no meaning.

    ``reason`` says more for "malformed" and "credential_refused". Header pairs are (name as the rule spells it, value).
    ``minted`` are (identity token, header, subject, sorted claims). ``shadows`` are (rule, "true"|"false"|"fault").
    """

    kind: DecisionKind
    status: int
    reason: str = ""
    route: str | None = None
    issuer: str | None = None
    rule: str | None = None
    faults: tuple[str, ...] = ()
    acr: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    charges: tuple[ChargeRecord, ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    response_headers: tuple[tuple[str, str], ...] = ()
    minted: tuple[tuple[str, str, str, tuple[tuple[str, Any], ...]], ...] = ()
    shadows: tuple[tuple[str, str], ...] = ()
