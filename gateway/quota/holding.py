"""Slots that requests hold, and their return: once for each request, also when the client left before the store answered."""

import asyncio

from gateway.message.parked import Parked, settle
from gateway.message.ports import LimitStore, Stepped
from gateway.message.record import Record


def sheltered(step: Parked[Stepped], record: Record) -> Parked[Stepped]:
    """A parked step that goes on when whoever waits for it is cancelled. It is the record's ``pending`` until settled."""
    ready = asyncio.ensure_future(step.ready)

    def resume() -> Stepped | Parked[Stepped]:
        record.pending = None
        settled = step.resume()
        return sheltered(settled, record) if isinstance(settled, Parked) else settled

    record.pending = Parked(ready, resume)
    return Parked(asyncio.shield(ready), resume)


class Returns:
    """Gives back what finished requests held."""

    def __init__(self, store: LimitStore) -> None:
        self._store = store
        self._late: set[asyncio.Task[None]] = set()

    def finished(self, record: Record) -> None:
        """The request is over. What a step that is still on its way grants it is given back when it is there."""
        if not record.held:
            return
        if record.pending is None:
            self._give_back(record)
        else:
            task = asyncio.get_running_loop().create_task(self._settled(record, record.pending))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    async def _settled(self, record: Record, step: Parked[object]) -> None:
        try:
            await settle(step)
        finally:
            self._give_back(record)

    def _give_back(self, record: Record) -> None:
        held, record.held = record.held, ()
        self._store.release(held, record.request_id.encode())
