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
    """A store that does not answer, or one limit that cannot be known. A single value: OUTAGE."""

    __slots__ = ()


OUTAGE = Outage()

Stepped = Sequence[Standing | Outage] | Outage
"""What a step comes to: an element for each charge, in order; or OUTAGE, when nothing at all is known.

An element that is OUTAGE is a limit that cannot be known while others can. Such a limit is not counted by this step,
neither now nor later. The step goes on without it where its charge says ``on_outage`` "allow"; where one says "deny",
nothing is charged.
"""


class LimitStore(Protocol):
    """Counters. All charges of one step are checked, then all are made, or none is."""

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Stepped | Parked[Stepped]:
        """How each limit stands. The limits that are known are charged if and only if the request may pass:

        every standing is admitted, and every limit that is OUTAGE has ``on_outage`` "allow". The standings of a step
        that charged nothing have ``remaining`` as it was before the step (``policylang.embed.withheld``).

        ``holder`` names the request, uniquely among all gateways: what it takes of a concurrency limit is held in that
        name until ``release``, or until the limit's deadline. ``now`` is the gateway's clock; a shared store has its own.
        A step that parks is settled even if the client leaves: what it was granted is then released.
        """
        ...

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        """Give back what ``holder`` holds of these concurrency limits. Never waits; what is lost ends at its deadline."""
        ...


class MetadataStore(Protocol):
    """Facts kept behind the gateway, by virtual identity, already decoded against the plan's metadata block."""

    def fields(
        self, identity: bytes, now: int, key: tuple[str, str] | None = None
    ) -> "tuple[int, Fields] | Outage | Parked[tuple[int, Fields] | Outage]":
        """(version, fields). An identity without an entry has version 0 and the fields' defaults.

        ``key`` is (keyring, key id) of the access key that the caller came with: a member of the key's metadata stands in
        the place of the identity's member of that name. A version never returns with other fields for the same arguments.
        Data that does not decode is an Outage.
        """
        ...
