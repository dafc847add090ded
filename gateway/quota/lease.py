"""Leases: allowance of a quota that is taken ahead from a shared store, a block at a time, and spent by this gateway alone.

What a block holds is charged in the store already, so all gateways together never exceed the limit. A block ends with the
window of its quota: measured from the moment it was asked for, by a clock that never goes back, so that neither clocks
that differ nor a slow reply let it be spent too late.

Law of this file: a unit is taken once, and spent once, given back once or lost; never two of these.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol

from gateway.message.parked import Parked, settle, then
from gateway.message.ports import OUTAGE, LimitStore, Outage, Stepped
from policylang.embed import Charge, Standing, plan_model

MARGIN_MICROS = 50_000
DRIFT = 1_000
"""A block ends early by the margin and by one part in so many of its time: clocks run at slightly different speeds."""

IDLE_MICROS = 10_000_000
"""What is left of a block that was not used for so long is given back: other gateways may need it."""

DRY_MICROS = 1_000_000
"""For so long after a block was refused, requests are counted one at a time, by the store."""

MOST_BLOCKS = 100_000
SWEEP = 2_000


class Taken(NamedTuple):
    """``granted`` units, 0 to what was asked. They are of the window that ends at ``end``, in the store's microseconds since
    1970, ``left_micros`` after the store granted them."""

    granted: int
    end: int
    left_micros: int


class Leases(Protocol):
    """The second port of a shared store of counters: many units of one quota at once."""

    def take(self, charge: Charge, units: int, now: int) -> "Taken | Outage | Parked[Taken | Outage]":
        """Charge up to ``units`` in one step, of the counter that ``LimitStore.step`` charges; see ``share``."""
        ...

    def give_back(self, charge: Charge, units: int, end: int) -> None:
        """Units of the window that ends at ``end`` were not spent. Never waits; what is lost ends with the window."""
        ...


def share(units: int, left: int) -> int:
    """How many units to grant of what is left: at most a quarter of it, so that near the limit blocks shrink to one.

    >>> share(50, 1000), share(50, 100), share(50, 3), share(50, 0)
    (50, 25, 1, 0)
    """
    return min(units, max(left // 4, 1), left)


def lease_of(charge: Charge) -> int:
    """How many units a gateway may hold of what this charge counts; 0 or 1 is no lease."""
    return charge.amount.lease if isinstance(charge.amount, plan_model.Quota) else 0


class _Unit(NamedTuple):
    """One unit, of a block and of the window that ends at ``end``."""

    block: "_Block"
    end: int


class _Dry:
    """There is no unit to be had: the limit is near."""


DRY = _Dry()

_Given = _Unit | _Dry | Outage


@dataclass(slots=True)
class _Block:
    """``left`` units until ``ends`` (this gateway's elapsed microseconds), of the window that ends at ``end``."""

    charge: Charge
    left: int = 0
    ends: int = 0
    end: int = 0
    used: int = 0
    dry_until: int = 0
    asking: bool = False
    waiting: deque[asyncio.Future[_Given]] = field(default_factory=deque)


@dataclass(slots=True)
class _Step:
    """One step: its charges with a lease, and the unit that each has so far; OUTAGE where it goes on without."""

    charges: Sequence[Charge]
    leased: list[Charge]
    now: int
    holder: bytes
    units: list[_Unit | Outage] = field(default_factory=list)


class LeasedLimits:
    """A LimitStore over another one: quotas with a lease are charged here, all else there, and of a step all or nothing.

    ``elapsed``: microseconds on a clock that never goes back.
    """

    def __init__(self, inner: LimitStore, leases: Leases, elapsed: Callable[[], int]) -> None:
        self._inner = inner
        self._leases = leases
        self._elapsed = elapsed
        self._blocks: dict[bytes, _Block] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._blocks)

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Stepped | Parked[Stepped]:
        """Local units first, then the store for the other charges; put back where that refuses. See the port.

        Where a unit cannot be had because the limit is near, the whole step is the store's, which counts one at a time.
        """
        leased = [charge for charge in charges if lease_of(charge) > 1]
        if not leased:
            return self._inner.step(charges, now, holder)
        return self._reserve(_Step(charges, leased, now, holder))

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        """Slots are the store's; see the port."""
        self._inner.release(charges, holder)

    def sweep(self) -> None:
        """Give back what was not used lately. Looks at a bounded number of blocks; call it about once a second."""
        elapsed = self._elapsed()
        for key in list(islice(self._blocks, SWEEP)):
            block = self._blocks.pop(key)
            if block.asking or elapsed - block.used < IDLE_MICROS:
                self._blocks[key] = block
            else:
                self._return(block)

    async def close(self) -> None:
        """A clean stop: give everything back. Call it when no request is left, and before the store is closed."""
        await asyncio.gather(*self._tasks)
        for block in self._blocks.values():
            self._return(block)
        self._blocks = {}

    def _reserve(self, step: _Step) -> Stepped | Parked[Stepped]:
        """One unit for each charge with a lease, then the rest."""
        while len(step.units) < len(step.leased):
            given = self._spend(step.leased[len(step.units)], step.now)
            if isinstance(given, asyncio.Future):
                return Parked(given, partial(self._woken, step, given))
            if isinstance(given, _Dry):
                return self._whole(step)
            step.units.append(given)
        others = [charge for charge in step.charges if lease_of(charge) <= 1]
        if not others:
            return self._joined(step, [])
        answer = self._inner.step(others, step.now, step.holder)
        return then(answer, partial(self._joined, step)) if isinstance(answer, Parked) else self._joined(step, answer)

    def _woken(self, step: _Step, given: asyncio.Future[_Given]) -> Stepped | Parked[Stepped]:
        """Whoever waited for a unit has one, or there was none, or nobody knows."""
        unit = given.result()
        if isinstance(unit, _Dry):
            return self._whole(step)
        if isinstance(unit, Outage) and step.leased[len(step.units)].on_outage == "deny":
            self._put_back(step)
            return OUTAGE
        step.units.append(unit)
        return self._reserve(step)

    def _whole(self, step: _Step) -> Stepped | Parked[Stepped]:
        self._put_back(step)
        return self._inner.step(step.charges, step.now, step.holder)

    def _joined(self, step: _Step, answer: Stepped) -> Stepped:
        """Put the standings together. A step that the store refuses spends no unit."""
        others = [charge for charge in step.charges if lease_of(charge) <= 1]
        known = [OUTAGE] * len(others) if isinstance(answer, Outage) else answer
        if any(_refuses(charge, standing) for charge, standing in zip(others, known, strict=True)):
            self._put_back(step)
        elapsed, units, asked = self._elapsed(), iter(step.units), iter(known)
        return [_standing(next(units), elapsed) if lease_of(c) > 1 else next(asked) for c in step.charges]

    def _block(self, charge: Charge) -> _Block:
        block = self._blocks.get(charge.key)
        if block is None:
            if len(self._blocks) >= MOST_BLOCKS:
                self._make_room()
            block = self._blocks[charge.key] = _Block(charge)
        return block

    def _make_room(self) -> None:
        """The first of a few blocks that nobody waits for goes back."""
        for key in list(islice(self._blocks, SWEEP)):
            if not self._blocks[key].asking:
                self._return(self._blocks.pop(key))
                return

    def _spend(self, charge: Charge, now: int) -> "_Unit | _Dry | asyncio.Future[_Given]":
        """One unit from the block; a future where the store has to be asked first."""
        block, elapsed = self._block(charge), self._elapsed()
        block.used = elapsed
        if elapsed >= block.ends:
            self._return(block)
        if block.left:
            block.left -= 1
            if block.left <= lease_of(charge) // 2 and not block.asking and elapsed >= block.dry_until:
                self._take(block, charge, now)
            return _Unit(block, block.end)
        if elapsed < block.dry_until:
            return DRY
        waiting: asyncio.Future[_Given] = asyncio.get_running_loop().create_future()
        block.waiting.append(waiting)
        if not block.asking:
            self._take(block, charge, now)
        return waiting

    def _take(self, block: _Block, charge: Charge, now: int) -> None:
        """Ask the store for what is missing of a whole block."""
        block.asking, block.charge = True, charge
        task = asyncio.get_running_loop().create_task(self._taking(block, lease_of(charge) - block.left, now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _taking(self, block: _Block, units: int, now: int) -> None:
        asked_at = self._elapsed()
        answer: Taken | Outage = OUTAGE
        try:
            answer = await settle(self._leases.take(block.charge, units, now))
        finally:
            block.asking = False
            self._share_out(block, answer, asked_at)
        if block.waiting:
            self._take(block, block.charge, now)

    def _share_out(self, block: _Block, answer: Taken | Outage, asked_at: int) -> None:
        """A reply: to those who wait, first come, first served; what is left over is the block."""
        if isinstance(answer, Outage) or not answer.granted:
            if not isinstance(answer, Outage):
                block.dry_until = self._elapsed() + DRY_MICROS
            for waiting in block.waiting:
                if not waiting.done():
                    waiting.set_result(answer if isinstance(answer, Outage) else DRY)
            block.waiting.clear()
            return
        ends = asked_at + answer.left_micros - answer.left_micros // DRIFT - MARGIN_MICROS
        if block.end == answer.end:
            block.ends = max(block.ends, ends)
        else:
            block.left, block.end, block.ends = 0, answer.end, ends
        granted = answer.granted
        # These were charged for requests that are here now, whatever is left of the window.
        while granted and block.waiting:
            waiting = block.waiting.popleft()
            if not waiting.done():
                waiting.set_result(_Unit(block, answer.end))
                granted -= 1
        block.left += granted
        if self._elapsed() >= block.ends:
            # So near the end of the window nothing can be kept: what is left of it is counted one at a time.
            self._return(block)
            block.dry_until = self._elapsed() + DRY_MICROS

    def _put_back(self, step: _Step) -> None:
        """The units that this step had go into their block again or, where its window has ended, nowhere."""
        for unit in step.units:
            if isinstance(unit, Outage):
                continue
            block = unit.block
            if self._blocks.get(block.charge.key) is block and block.end == unit.end:
                block.left += 1

    def _return(self, block: _Block) -> None:
        """The store knows whether their window is still open."""
        if block.left:
            self._leases.give_back(block.charge, block.left, block.end)
        block.left = 0


def _refuses(charge: Charge, standing: Standing | Outage) -> bool:
    """Whether this keeps the step from being charged."""
    return charge.on_outage == "deny" if isinstance(standing, Outage) else not standing.admitted


def _standing(unit: _Unit | Outage, elapsed: int) -> Standing | Outage:
    """What this gateway can vouch for: its own block. Others may have taken whatever else there was."""
    if isinstance(unit, Outage):
        return OUTAGE
    block = unit.block
    left = max(0, block.ends - elapsed)
    return Standing(True, block.left if left and block.end == unit.end else 0, left, 0)
