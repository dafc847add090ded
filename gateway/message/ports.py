"""The ports: what the steps need of the world. Adapters implement them and carry the technology in their names.

Each answers at once, or returns Parked. None raises for an outage: an outage is a value.
"""

from collections.abc import Sequence
from typing import Protocol

from gateway.message.parked import Parked
from policylang.embed import Charge, Fields, Standing


class Clock(Protocol):
    def __call__(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class Outage:
    """A store that does not answer. A single value: OUTAGE."""

    __slots__ = ()


OUTAGE = Outage()


class LimitStore(Protocol):
    """Counters. All charges of one step are checked, then all are made, or none is."""

    def step(self, charges: Sequence[Charge], now: int) -> "list[Standing] | Outage | Parked[list[Standing] | Outage]":
        """One standing for each charge, in order. Charged if and only if every standing is admitted."""
        ...


class MetadataStore(Protocol):
    """Facts kept behind the gateway, by virtual identity, already decoded against the plan's metadata block."""

    def fields(self, identity: bytes, now: int) -> "tuple[int, Fields] | Outage | Parked[tuple[int, Fields] | Outage]":
        """(version, fields). An identity without an entry has version 0 and the fields' defaults.

        A version never returns with other fields. Data that does not decode is an Outage.
        """
        ...
