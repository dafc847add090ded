"""The store's time, as seen from here: what records end by, whatever the gateway's clock says."""

from collections.abc import Callable

from gateway.message.ports import Clock, Outage
from gateway.records.in_time import in_time
from gateway.records.port import RecordStore

DUE_MICROS = 1_000_000
ERROR_MICROS = 250_000
ANSWER_SECONDS = 1.0


class StoreTime:
    """``offset`` is what to add to the gateway's clock. Measured about once a second, to a quarter of a second at worst:
    an answer that took longer than twice that says too little, and the last offset stays.
    """

    def __init__(self, store: RecordStore, clock: Clock, steady: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._steady = steady
        self._measured: int | None = None
        self.offset = 0

    async def measure_if_due(self) -> bool:
        """Measure, if a second has passed since the last time. Whether there is an offset and the store answered."""
        begun = self._steady()
        if self._measured is not None and begun - self._measured < DUE_MICROS:
            return True
        before = self._clock()
        theirs = await in_time(self._store.now(), ANSWER_SECONDS)
        if isinstance(theirs, Outage):
            return False
        after = self._clock()
        if self._steady() - begun <= 2 * ERROR_MICROS and 0 <= after - before <= 2 * ERROR_MICROS:
            self.offset = theirs - (before + after) // 2
            self._measured = begun
        return self._measured is not None
