"""The feed: follows a store's changes, hands them on, and says whether what is known may be believed.

=======  ====================================================  =========================================
state    meaning                                               what is known
=======  ====================================================  =========================================
cold     no answer yet, or none within a second                is looked up in the store again
live     every change up to less than a second ago was told    is believed
lost     the store cannot tell what happened: passes at once   is in doubt, until it is looked up again
=======  ====================================================  =========================================

Law of this file: an answer vouches for the moment at which it was asked for, never for that at which it came.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Literal

from gateway.message.ports import Clock, Outage
from gateway.records.in_time import in_time
from gateway.records.port import Changes, Reads, RecordStore
from gateway.records.store_time import StoreTime

COLD_MICROS = 1_000_000
WAIT_SECONDS = 0.25
"""How long an answer without changes may take: four heartbeats within the second after which the feed is cold."""

ANSWER_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
TOLD_AT_ONCE = 1_000

PAUSE_SECONDS = 0.02
"""Between two answers: changes that come one by one are asked for in handfuls."""

State = Literal["cold", "live"]


class Feed:
    """Follows ``store`` for ``listeners``. ``steady`` is a clock in microseconds that never jumps, from any beginning.

    ``follow`` is the task to run; ``turn`` is one step of it. ``tell`` is given a line when the store falls silent and
    when it is back.
    """

    def __init__(
        self,
        store: RecordStore,
        listeners: Sequence[Reads],
        clock: Clock,
        steady: Callable[[], int],
        tell: Callable[[str], None],
    ) -> None:
        self._store = store
        self._listeners = tuple(listeners)
        self._steady = steady
        self._tell = tell
        self._cursor = b""
        self._caught_up = False
        self._failures = 0
        self._said_silent = False
        self.time = StoreTime(store, clock, steady)
        self.vouched = -COLD_MICROS - 1 + steady()
        self.turns = 0
        self.changes_told = 0
        self.losses = 0

    @property
    def live(self) -> bool:
        """Whether everything that was told may be believed now."""
        return self._steady() - self.vouched <= COLD_MICROS

    @property
    def offset(self) -> int:
        """What to add to the gateway's clock for the store's time, in microseconds."""
        return self.time.offset

    @property
    def state(self) -> State:
        """For status pages; ``losses`` counts how often the thread was lost."""
        return "live" if self.live else "cold"

    async def follow(self) -> None:
        """Follow until cancelled."""
        while True:  # noqa: ASYNC110 -- each turn is a question to the store, and the pause is between two of them
            await asyncio.sleep(await self.turn())

    async def turn(self) -> float:
        """Ask once and hand on what came; the seconds to wait before the next turn."""
        self.turns += 1
        # After a silence everything that happened has to be read before anything is believed; then it may be waited for.
        wait = WAIT_SECONDS if self._caught_up else 0.0
        asked = self._steady()
        answer = await in_time(self._store.changes(self._cursor, wait), wait + ANSWER_SECONDS)
        if isinstance(answer, Outage) or not await self.time.measure_if_due():
            return self._silent()
        begins = not self._cursor or answer.lost
        self._cursor = answer.cursor
        if begins:
            self.losses += answer.lost
            for listener in self._listeners:
                listener.doubted()
        await self._hand_on(answer)
        self.vouched = max(self.vouched, asked)
        self._failures = 0
        self._caught_up = True
        if self._said_silent:
            self._said_silent = False
            self._tell("records: the store answers again")
        return PAUSE_SECONDS

    async def _hand_on(self, answer: Changes) -> None:
        """Tell every listener, in pieces that leave the loop free."""
        told = answer.changes
        self.changes_told += len(told)
        for first in range(0, len(told), TOLD_AT_ONCE):
            if first:
                await asyncio.sleep(0)
            for listener in self._listeners:
                listener.changed(told[first : first + TOLD_AT_ONCE])

    def _silent(self) -> float:
        self._caught_up = False
        self._failures += 1
        if not self.live and not self._said_silent:
            self._said_silent = True
            self._tell("records: the store does not answer; what it holds cannot be looked up")
        return float(min(FIRST_PAUSE_SECONDS * 2 ** min(self._failures - 1, 10), LONGEST_PAUSE_SECONDS))
