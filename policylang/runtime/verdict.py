"""What a cell says of one request. Produced by generated code and by nothing else; consumed by the gateway."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from policylang.plan.model import Amount

Kind = Literal[
    "allow",                # forward
    "denied",               # 403: a deny is true
    "step_up",              # 401: the only true denies ask for a stronger login
    "deny_fault",           # 503: a deny has no answer
    "no_allow",             # 403: no allow is true
    "credential_required",  # 401: no allow is true, no credential was sent, and one could help
    "allow_fault",          # 503: no allow is true, and one has no answer
    "policy_fault",         # 503: a select arm that was reached has no answer
    "policy_refused",       # 403: the select refuses
    "render_fault",         # 503: a header or identity token needs a fact that is not to be had
    "render_refused",       # 403: a value cannot stand in a header
]  # fmt: skip


class Charge(NamedTuple):
    """One limit to charge. ``key`` is an injective encoding of (limit, what is counted); two keys never share a counter."""

    name: str
    key: bytes
    amount: Amount
    on_outage: Literal["allow", "deny"]


class Mint(NamedTuple):
    """An identity token to mint: index into ``Plan.tokens``, its subject, its declared claims (JSON values)."""

    token: int
    subject: str
    claims: dict[str, Any]


@dataclass(slots=True)
class RequestFacts:
    """What the request stage reads. ``captures`` are aligned with ``Route.captures`` (int captures as int).

    ``headers`` holds the headers that the route's rules name, lower-case, each at most once, decoded as ASCII text.
    Addresses are canonical text, IPv4-mapped IPv6 addresses as IPv4. ``unreadable`` are the names of headers that came
    twice, or with other bytes, and that shadow rules alone read: a fault for them (any other reader makes it a 400).
    ``now`` in microseconds since 1970, needed where a rule asks for the age of metadata: None is an error there.
    """

    captures: tuple[str | int, ...]
    headers: dict[str, str]
    client_ip: str
    peer_ip: str
    unreadable: frozenset[str] = frozenset()
    now: int | None = None


@dataclass(slots=True)
class Verdict:
    """``rule`` is the deciding rule, an index into ``Plan.rules``, or -1. Ties go to the first by name.

    When ``kind`` is not "allow", ``charges``, ``set_request`` and ``mints`` are empty; ``policies`` are those selected so
    far. ``acr`` are the step-up values to ask for. ``faults`` are the rules without an answer that led to a fault kind.
    ``set_request`` is a block of header lines ready for the wire (``b"X-User: u1\\r\\n"``); ``set_response`` likewise.
    ``shadows`` are (rule, True, False or None for a fault), for every shadow rule in scope.

    A verdict may be shared by requests: it is not to be changed.
    """

    kind: Kind
    rule: int = -1
    policies: tuple[int, ...] = ()
    acr: tuple[str, ...] = ()
    faults: tuple[int, ...] = ()
    charges: tuple[Charge, ...] = ()
    set_request: bytes = b""
    set_response: bytes = b""
    mints: tuple[Mint, ...] = ()
    shadows: tuple[tuple[int, bool | None], ...] = ()
