"""The record of one request, filled in as it goes: what the decision log and the metrics are made of. No secrets in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.message.parked import Parked
from policylang.embed import Charge


@dataclass(frozen=True, slots=True)
class PlanNames:
    """The names behind a plan's indices, for whoever prints a record after that plan was replaced."""

    digest: str
    routes: tuple[str, ...]
    issuers: tuple[str, ...]
    rules: tuple[str, ...]
    policies: tuple[str, ...]


@dataclass(slots=True)
class Record:
    """Indices are into ``plan``; -1 is none. Times in microseconds since 1970.

    ``kind`` is a decision kind (a key of refusal.KINDS, or "allow"; "abandoned" when the client left before there was
    one). ``status`` is what the client got, 0 when it left before the answer. ``upstream`` is the upstream's status, 0 if
    none. ``cut``: the answer did not reach its end; a kept status with it means that the head was sent. ``bytes_in`` counts
    the request's body, ``bytes_out`` the whole answer, head and framing included. ``explanation``: why the rules refuse, as
    JSON values, where the log is to say it. ``held`` are the concurrency limits of which the request holds a slot, or may
    hold one for all that is known; ``pending`` is the step that will tell, while nobody has settled it.
    """

    request_id: str
    started: int
    method: str
    plan: PlanNames | None = None
    route: int = -1
    issuer: int = -1
    identity: bytes = b""
    kind: str = ""
    reason: str = ""
    rule: int = -1
    policies: tuple[int, ...] = ()
    shadows: tuple[tuple[int, bool | None], ...] = ()
    outage_allowed: bool = False
    status: int = 0
    upstream: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    finished: int = 0
    cut: bool = False
    explanation: Mapping[str, Any] | None = None
    held: tuple[Charge, ...] = ()
    pending: Parked[object] | None = None
