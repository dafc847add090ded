"""The record of one request, filled in as it goes: what the decision log and the metrics are made of. No secrets in it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Record:
    """Indices are into the plan whose semantic digest is ``plan``; -1 is none. Times in microseconds since 1970.

    ``kind`` is a decision kind (a key of refusal.KINDS, or "allow"). ``upstream`` is the upstream's status, 0 if none.
    """

    request_id: str
    started: int
    method: str
    plan: str = ""
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
