"""Usage in memory: for tests and for trying out. It ends with the process."""

from gateway.message.ports import Clock
from gateway.usage.counters import merge
from gateway.usage.folding import Folding
from gateway.usage.periods import LENGTH, By, Keeping, floor
from gateway.usage.port import ANONYMOUS, OTHERS, Batch, Cell, Query, Usage
from gateway.usage.taken import Taken

CELLS_AT_MOST = 200_000

Place = tuple[bytes, str, str]
Period = dict[Place, dict[str, int]]


class MemoryUsage:
    """A UsageStore. When there are ``most`` cells, identities without a cell go to OTHERS."""

    def __init__(self, clock: Clock, keeping: Keeping | None = None, most: int = CELLS_AT_MOST) -> None:
        self._clock = clock
        self._keeping = keeping or Keeping()
        self._most = most
        self._periods: dict[By, dict[int, Period]] = {"hour": {}, "day": {}}
        self._taken = Taken()
        self._size = 0

    async def add(self, batch: Batch) -> bool:
        """Add a batch; False: it was taken before."""
        self._forget()
        if not self._taken.take(batch.gateway, batch.sequence):
            return False
        for cell in batch.cells:
            for by in LENGTH:
                self._add(by, cell)
        return True

    async def read(self, query: Query) -> Usage:
        """The figures as they stand."""
        self._forget()
        folding = Folding(query)
        known = [(start, self._periods[query.by].get(start, {})) for start in query.periods]
        if query.top:
            chosen = _top([period for _, period in known], query.top)
            for _, period in known:
                for (identity, _, _), counts in period.items():
                    if identity in chosen:
                        folding.add_identity(identity, counts)
        else:
            for start, period in known:
                for (identity, policy, route), counts in period.items():
                    if query.identity is None or identity == query.identity:
                        folding.add(start, policy, route, counts)
        return folding.usage()

    async def close(self) -> None:
        """Nothing to let go of."""

    def _add(self, by: By, cell: Cell) -> None:
        start = floor(by, cell.hour)
        if self._keeping.until(by, start) <= self._clock():
            return
        period = self._periods[by].setdefault(start, {})
        place: Place = (cell.identity, cell.policy, cell.route)
        if place not in period and self._size >= self._most and cell.identity != ANONYMOUS:
            place = (OTHERS, cell.policy, cell.route)
        if place not in period:
            period[place] = {}
            self._size += 1
        merge(period[place], cell.counts)

    def _forget(self) -> None:
        now = self._clock()
        for by, periods in self._periods.items():
            for start in [start for start in periods if self._keeping.until(by, start) <= now]:
                self._size -= len(periods.pop(start))


def _top(periods: list[Period], most: int) -> set[bytes]:
    requests: dict[bytes, int] = {}
    for period in periods:
        for (identity, _, _), counts in period.items():
            if identity not in {ANONYMOUS, OTHERS}:
                requests[identity] = requests.get(identity, 0) + counts.get("n", 0)
    return set(sorted(requests, key=lambda identity: (-requests[identity], identity))[:most])
