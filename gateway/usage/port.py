"""The port to the usage store. Memory, SQLite and Redis implement it, and pass one model test.

Law of this file: figures are added, never set, and an outage is a value. A batch whose reply was lost is handed over
again under its own sequence number, and a store takes it once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from gateway.message.ports import Outage
from gateway.usage.periods import By, periods

Group = Literal["none", "policy", "route"]

ANONYMOUS = b""
"""The identity of requests that nobody was known for."""
OTHERS = b"others"
"""The identity that the figures of identities go to when there are more of them than memory is kept for."""
OTHER_NAME = "(others)"
"""The policies or groups that are too many for an answer, summed."""

LAST = 253_402_300_799 * 1_000_000
"""The end of the year 9999, behind which no time can be written."""
PERIODS_AT_MOST = 800
TOP_PERIODS_AT_MOST = 100
TOP_AT_MOST = 100
WINDOW = 100
"""A store tells batches of one gateway apart whose sequence numbers are less than this apart; older ones it skips."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Sums of one hour, identity, policy and route. ``hour`` is its beginning, in microseconds since 1970.

    ``policy``: the names of all policies that were selected, in the order of the plan, joined by ``+``; empty: none.
    ``route`` is empty where none was found. ``counts`` by names of ``gateway.usage.counters``.
    """

    hour: int
    identity: bytes
    policy: str
    route: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Cells that are taken together, once. ``gateway`` is unique to a process; its sequence numbers begin at 1."""

    gateway: str
    sequence: int
    cells: tuple[Cell, ...]


class QueryRefused(ValueError):
    """A question that cannot be answered; the message says why and what to ask instead."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. Periods that share an instant with [start, end), microseconds since 1970, are answered whole.

    ``identity``: 16 bytes, ANONYMOUS or OTHERS; None is everything. ``top``: the identities with most requests, at most so
    many, in place of groups; only of everything. Raises QueryRefused.
    """

    start: int
    end: int
    by: By = "hour"
    identity: bytes | None = None
    group: Group = "none"
    top: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= LAST:
            raise QueryRefused("the end has to be after the beginning, and both between the years 1970 and 9999")
        if not 0 <= self.top <= TOP_AT_MOST:
            raise QueryRefused(f"top is a number from 1 to {TOP_AT_MOST}")
        if self.top and (self.identity is not None or self.group != "none"):
            raise QueryRefused("the top identities are of everything: ask without identity and group")
        most = TOP_PERIODS_AT_MOST if self.top else PERIODS_AT_MOST
        if len(self.periods) > most:
            longer = ", or ask by day" if self.by == "hour" else ""
            raise QueryRefused(f"this is {len(self.periods)} {self.by}s: ask for at most {most}{longer}")

    @property
    def periods(self) -> range:
        """The beginnings of the periods."""
        return periods(self.by, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Latency:
    """Microseconds from a request's head to its answer's end, of admitted requests; each within 12.5 % of the truth."""

    p50: int
    p90: int
    p99: int


@dataclass(frozen=True, slots=True)
class Figures:
    """``requests`` = admitted + limited + abandoned + the sum of ``denied``, which is by decision kind (refusal.KINDS).

    ``admitted`` reached the upstream or tried to; ``upstream_errors`` of those got no answer or one of 500 and above.
    ``uncounted`` were let through while a limit could not be counted. ``bytes_in`` are of bodies, ``bytes_out`` of whole
    answers. ``latency`` is None where nothing was admitted.
    """

    requests: int = 0
    admitted: int = 0
    denied: Mapping[str, int] = field(default_factory=dict)
    limited: int = 0
    abandoned: int = 0
    upstream_errors: int = 0
    uncounted: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    latency: Latency | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a period that begins at ``start``, and of a policy, a route or an identity (hexadecimal) by ``name``."""

    start: int
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Usage:
    """The answer: ``rows`` by period and then by name; without those where nothing happened.

    ``groups``: the same summed over all periods, most requests first; empty without group and top. With top, only groups
    are there. ``total`` sums everything in the answer. Groups that are too many are summed as OTHER_NAME.
    """

    query: Query
    rows: tuple[Row, ...]
    groups: tuple[Row, ...]
    total: Figures


class UsageStore(Protocol):
    """Figures of all gateways of one store."""

    async def add(self, batch: Batch) -> bool | Outage:
        """Add a batch; False: it was taken before. After an Outage it may have been taken: hand over the same again."""
        ...

    async def read(self, query: Query) -> Usage | Outage:
        """The figures as they stand."""
        ...

    async def close(self) -> None:
        """Let go of files; links belong to whoever made them."""
        ...
