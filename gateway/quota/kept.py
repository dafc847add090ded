"""The counters of one gateway in memory: some are objects, *awake*, and all the others are bytes, *asleep*.

An object is used at once and takes 500 bytes, one that sleeps takes 230.
Counters are kept in generations: those charged in this turn, in the turn before, and those that are *going*.

Law of this file: only ``trim`` and ``wane`` lay a counter down, and never one that a batch may still undo or that holds
slots; so whoever has found a counter may go on with it until one of them is called. Bytes never come from outside.
"""

import marshal
from collections.abc import Iterator

from gateway.quota.write_ahead import Counter
from gateway.store.drawers import Drawers
from gateway.store.recent import Recent
from policylang.embed import ConcurrencyState, QuotaState, RateState, State, idle

MAX_AWAKE = 80_000
AT_ONCE = 64
"""Laid down in one step at most: more than a step can wake."""

_VERSION = 2  # without the references of later versions: shorter for values that are all different
_RATE = len(RateState._fields)


class Kept:
    """Counters by key. ``awake`` is for reading: ``find`` looks there and everywhere else. ``max_awake`` bounds it, as far as
    slots that are held and charges that wait for the file allow.
    """

    __slots__ = ("_going", "_max_awake", "_old", "_waning", "_young", "awake")

    def __init__(self, max_awake: int = MAX_AWAKE) -> None:
        self.awake: Recent[bytes, Counter] = Recent(max_awake)
        self._waning: Recent[bytes, Counter] = Recent(max_awake)
        self._young = Drawers()
        self._old = Drawers()
        self._going = Drawers()
        self._max_awake = max_awake

    def __len__(self) -> int:
        return sum(map(len, (self.awake, self._waning, self._young, self._old, self._going)))

    def find(self, key: bytes) -> Counter | None:
        """The counter under this key, awake from now on."""
        counter: Counter | None = self.awake.get(key)
        if counter is not None:
            return counter
        counter = self._waning.take(key)
        if counter is None:
            packed = self._young.take(key) or self._old.take(key) or self._going.take(key)
            if packed is None:
                return None
            counter = unpack(packed)
        self.awake.put(key, counter)
        return counter

    def put(self, key: bytes, counter: Counter) -> None:
        """A counter that ``find`` does not know."""
        self.awake.put(key, counter)

    def trim(self, now: int) -> None:
        """Lay down some of those that are awake longest, where there are too many: first those not looked for in this turn."""
        excess = len(self.awake) + len(self._waning) - self._max_awake
        if excess <= 0:
            return
        waned = self.wane(min(AT_ONCE, excess), now)
        for _ in range(min(AT_ONCE, excess) - waned):
            self._lay_down(*self.awake.take_oldest(), self._young, now)

    def wane(self, steps: int, now: int) -> int:
        """Lay down counters that were awake when the turn ended and were not looked for since; how many."""
        steps = min(steps, len(self._waning))
        for _ in range(steps):
            self._lay_down(*self._waning.take_oldest(), self._old, now)
        return steps

    def turn(self) -> bool:
        """Let a new turn begin, unless some counters of the last one are still to be laid down or to leave."""
        if self._going or self._waning:
            return False
        self._going, self._old, self._young = self._old, self._young, Drawers()
        self._waning, self.awake = self.awake, Recent(self._max_awake)
        return True

    def leaving(self, steps: int) -> list[tuple[bytes, Counter]]:
        """Take out some of those that were not charged in this turn and the one before."""
        pairs = [self._going.take_oldest() for _ in range(min(steps, len(self._going)))]
        return [(key, unpack(packed)) for key, packed in pairs]

    def items(self) -> Iterator[tuple[bytes, Counter]]:
        """All that there are when it begins; those asleep stay so."""
        objects = [*self.awake.items(), *self._waning.items()]
        asleep = [pair for drawers in (self._young, self._old, self._going) for pair in drawers.items()]
        yield from objects
        for key, packed in asleep:
            yield key, unpack(packed)

    def _lay_down(self, key: bytes, counter: Counter, drawers: Drawers, now: int) -> None:
        if isinstance(counter.state, ConcurrencyState):
            if not idle(counter.state, now):
                self.awake.put(key, counter)
        elif counter.waiting:
            self.awake.put(key, counter)
        else:
            drawers[key] = pack(counter)


def pack(counter: Counter) -> bytes:
    """A counter of a rate or a quota as bytes."""
    return marshal.dumps((_plain(counter.state), _plain(counter.promised)), _VERSION)


def unpack(packed: bytes) -> Counter:
    """The counter again.

    >>> counter = unpack(pack(Counter(RateState(1 << 70, 3), QuotaState(0, 86_400, 7))))
    >>> counter.state, counter.promised
    (RateState(arrival=1180591620717411303424, scale=3), QuotaState(start=0, end=86400, used=7))
    """
    state, promised = marshal.loads(packed)  # noqa: S302 -- our own bytes, see the law
    return Counter(_state(state), _state(promised))


def _plain(state: State | None) -> tuple[int, ...] | None:
    """Without its class, which marshal does not know."""
    if isinstance(state, ConcurrencyState):
        raise TypeError("slots that are held are not laid down")
    return None if state is None else tuple(state)


def _state(numbers: tuple[int, ...] | None) -> State | None:
    if numbers is None:
        return None
    return RateState(*numbers) if len(numbers) == _RATE else QuotaState(*numbers)
