"""The store at the admin API: how it is, and the operator's word that a loss is accepted."""

from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.admin.call import Answer, Call, Handler
from gateway.admin.problems import settled
from gateway.message.ports import Outage

StoreKind = Literal["memory", "sqlite", "redis", "redis-cluster", "redis-sentinel"]


@dataclass(frozen=True, slots=True)
class StoreReport:
    """The store as this gateway sees it. ``losses``: shards that were found without their memory since it began."""

    kind: StoreKind
    feed: Literal["warm", "cold"]
    breaker: Literal["closed", "open", "probing"]
    losses: int


class StoreState(Protocol):
    """What knows of the store's state."""

    def report(self) -> StoreReport:
        """What is known now; the store is not asked."""
        ...

    async def accept_loss(self) -> Outage | None:
        """Accept what was lost, in all shards."""
        ...


class StoreOperations:
    """What an operator sees of the store, and says to it."""

    def __init__(self, state: StoreState) -> None:
        self._state = state

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {"store.get": self.get, "store.accept_loss": self.accept_loss}

    async def get(self, _: Call) -> Answer:
        """As this gateway sees it."""
        seen = self._state.report()
        return Answer(200, {"kind": seen.kind, "feed": seen.feed, "breaker": seen.breaker, "losses": seen.losses})

    async def accept_loss(self, _: Call) -> Answer:
        """Quotas count on from what the store has."""
        settled(await self._state.accept_loss())
        return Answer(204)
