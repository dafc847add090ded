"""Counters of one gateway that survive it: exact in memory, and promised ahead in the file of SQLite.

A kill forfeits at most a block of each counter (``gateway.quota.ahead``) and never admits twice; a clean stop writes exact
states and forfeits nothing. Concurrency slots are in memory alone: the requests that held them ended with the process.

Law of this file: an answer is given only while the file has a promise that covers every charge in it.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from itertools import chain

from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.quota.ahead import BRIEF_MICROS, Durable, covers, half_spent, is_brief, promise, spent
from gateway.quota.counters_sqlite import Found, begin, end, forget, row_id, write_states
from gateway.quota.kept import MAX_AWAKE, Kept
from gateway.quota.write_ahead import Batch, Counter, RunsSqlite, WriteAhead
from gateway.store.link import StoreFault
from policylang.embed import Charge, ConcurrencyState, Standing, State, ask, idle, plan_model, released, withheld

AHEAD_MICROS = 1_000_000
"""By how much the instant for brief limits is ahead. Renewed when half of it is gone."""

TURN_MICROS = 300_000_000
"""A counter that was not charged for one to two turns leaves memory for the file."""

SWEEP = 2_000
SLICE = 2_000

GRACE_MICROS = 30_000_000
FORGET_MICROS = 3_600_000_000
"""How long a row stays in the file after it says nothing any more: by so much the clock may go back before a kill."""


class SqliteLimits:
    """A LimitStore for one gateway process. Made by ``open_limits``; ``close`` it before the file."""

    def __init__(
        self, file: RunsSqlite, secret: bytes, admitted_until: int, brief: dict[bytes, State], now: int, kept: Kept
    ) -> None:
        self._file = file
        self._secret = secret
        self._kept = kept
        # Those whose exact state is being written.
        self._leaving: dict[bytes, Counter] = {}
        self._turned = now
        self._ahead = WriteAhead(file, secret, self._settle)
        self._until = now + AHEAD_MICROS
        self._closed = False
        # What is not known of brief counters: all of them spent, at the latest instant at which one can have been charged.
        self._spent_at = min(admitted_until, now)
        self._brief = brief
        self._opened = now
        self._forgetting: tuple[bytes, asyncio.Future[bytes] | None] = (b"", None)

    def __len__(self) -> int:
        return len(self._kept) + len(self._leaving)

    @property
    def broken(self) -> bool:
        """Whether the file did not take the last write."""
        return self._ahead.broken

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Stepped | Parked[Stepped]:
        """Check all charges, then make them all or none; see the port. Waits for the file where a promise is spent."""
        if self._closed:
            return OUTAGE
        self._kept.trim(now)
        if self._ahead.broken:
            return self._without_file(charges, now, holder)
        standings: list[Standing] = []
        made: list[tuple[Charge, Counter, State]] = []
        unread: list[Charge] = []
        for charge in charges:
            counter: Counter | None = self._kept.awake.get(charge.key) or self._elsewhere(charge, now)
            if counter is None:
                unread.append(charge)
                continue
            standing, state = ask(charge.amount, counter.state, now, holder)
            standings.append(standing)
            if standing.admitted and state is not None:
                made.append((charge, counter, state))
        if unread:
            return self._read(unread, partial(self.step, charges, now, holder), now)
        if len(made) < len(charges):
            return withheld(standings)
        return self._make(made, standings, now)

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        """Give back slots; see the port."""
        for charge in charges:
            counter = self._kept.find(charge.key)
            if counter is not None and isinstance(counter.state, ConcurrencyState):
                counter.state = released(counter.state, holder)

    def sweep(self, now: int) -> None:
        """Let some counters that were not charged lately leave memory, and look at some rows. Call it once a second."""
        if self._closed:
            return
        if self._ahead.broken:
            self._ahead.probe(now + AHEAD_MICROS)
            return
        if self._leaving and self._ahead.flying is None and self._ahead.gathering is None:
            for key, counter in self._leaving.items():
                self._kept.put(key, counter)
            self._leaving = {}
        for key, counter in self._kept.leaving(SWEEP):
            self._leave(key, counter, now)
        if now - self._turned >= TURN_MICROS:
            # What was not looked for in the whole turn is laid down; only then the next one begins.
            self._kept.wane(SWEEP, now)
            if self._kept.turn():
                self._turned = now
        if now >= self._opened + BRIEF_MICROS:
            self._brief = {}
        self._forget(now)

    async def close(self, now: int) -> bool:
        """Write exact states, so that nothing is forfeited; whether that was possible. Every step from here on is an outage."""
        self._closed = True
        await self._ahead.drain()
        brief: list[tuple[bytes, State]] = []
        exact: dict[bytes, State | None] = {}
        try:
            for key, counter in chain(self._kept.items(), list(self._leaving.items())):
                state = counter.state if counter.state is None or not idle(counter.state, now) else None
                if counter.promised is not None:
                    exact[key] = state
                elif state is not None and not isinstance(state, ConcurrencyState):
                    brief.append((key, state))
                if len(exact) == SLICE:
                    await self._file.run(partial(write_states, states=exact, secret=self._secret))
                    exact = {}
            await self._file.run(partial(write_states, states=exact, secret=self._secret))
            in_doubt = self._spent_at if now < self._spent_at + BRIEF_MICROS else 0
            unasked = self._brief
            await self._file.run(partial(end, brief=brief, unasked=unasked, spent_at=in_doubt, secret=self._secret))
        except StoreFault:
            # The promises stand in the file, as after a kill.
            return False
        finally:
            if (looking := self._forgetting[1]) is not None:
                # Its outcome is of no interest any more, and is to be taken all the same.
                await asyncio.gather(looking, return_exceptions=True)
        return True

    def _elsewhere(self, charge: Charge, now: int) -> Counter | None:
        """A counter that was not charged lately, or one that is known without a look at the file."""
        key, amount = charge.key, charge.amount
        counter = self._kept.find(key)
        if counter is not None:
            return counter
        counter = self._leaving.pop(key, None)
        if counter is None:
            if isinstance(amount, plan_model.Concurrency):
                counter = Counter(None)
            elif is_brief(amount):
                counter = Counter(self._unknown(key, amount, now))
            else:
                return None
        self._kept.put(key, counter)
        return counter

    def _unknown(self, key: bytes, amount: Durable, now: int) -> State | None:
        """The state of a brief counter that this process has not charged yet."""
        found = self._brief.pop(row_id(key, self._secret), None) if self._brief else None
        if found is None and self._spent_at and now < self._spent_at + BRIEF_MICROS:
            return spent(amount, self._spent_at)
        return found

    def _make(
        self, made: list[tuple[Charge, Counter, State]], standings: list[Standing], now: int
    ) -> Stepped | Parked[Stepped]:
        """Charge. Answers at once where the file covers it, else with the batch that does."""
        waits = not all(self._covered(charge, counter, state, now) for charge, counter, state in made)
        batch = self._promise(made, now)
        if waits:
            batch = batch or self._ahead.gather()
            for _, counter, state in made:
                self._ahead.note(batch, counter, counter.state, state)
        for _, counter, state in made:
            counter.state = state
        return Parked(asyncio.shield(batch.ready), partial(_answer, batch, standings)) if waits and batch else standings

    def _covered(self, charge: Charge, counter: Counter, state: State, now: int) -> bool:
        """Whether a kill at this moment would leave no less than ``state``."""
        amount = charge.amount
        if isinstance(amount, plan_model.Concurrency):
            return True
        return now < self._until if is_brief(amount) else covers(counter.promised, state)

    def _without_file(self, charges: Sequence[Charge], now: int, holder: bytes) -> Stepped:
        """The file takes nothing: limits that its promises still cover are counted, the others cannot be known."""
        self._ahead.probe(now + AHEAD_MICROS)
        answers: list[Standing | Outage] = []
        made: list[tuple[Counter, State]] = []
        passes = True
        for charge in charges:
            counter = self._elsewhere(charge, now)
            asked = None if counter is None else ask(charge.amount, counter.state, now, holder)
            if counter is None or asked is None:
                answers.append(OUTAGE)
                passes = passes and charge.on_outage == "allow"
                continue
            standing, state = asked
            if not standing.admitted or state is None:
                answers.append(standing)
                passes = False
            elif self._covered(charge, counter, state, now):
                answers.append(standing)
                made.append((counter, state))
            else:
                answers.append(OUTAGE)
                passes = passes and charge.on_outage == "allow"
        if all(isinstance(answer, Outage) for answer in answers):
            return OUTAGE
        if not passes:
            return [answer if isinstance(answer, Outage) else withheld([answer])[0] for answer in answers]
        for counter, state in made:
            counter.state = state
        return answers

    def _promise(self, made: list[tuple[Charge, Counter, State]], now: int) -> Batch | None:
        """Ask for what is missing, or soon will be; the last batch that is on its way, by which all of it is written."""
        flying = self._ahead.flying
        for charge, counter, state in made:
            amount = charge.amount
            if isinstance(amount, plan_model.Concurrency):
                continue
            if is_brief(amount):
                if self._until - now < AHEAD_MICROS // 2:
                    self._renew(now)
                continue
            asked = counter.promised
            if covers(asked, state) and not half_spent(asked, state, amount):
                continue
            for batch in (flying, self._ahead.gathering):
                if batch is not None and batch.writes.states.get(charge.key) is not None:
                    asked = batch.writes.states[charge.key]
            if not covers(asked, state) or half_spent(asked, state, amount):
                self._ahead.gather().writes.states[charge.key] = promise(state, amount)
        return self._ahead.gathering or flying

    def _renew(self, now: int) -> None:
        """Have the instant for all brief limits written, unless a later one is on its way."""
        flying = self._ahead.flying
        if flying is None or flying.writes.until - now < AHEAD_MICROS // 2:
            writes = self._ahead.gather().writes
            writes.until = max(writes.until, now + AHEAD_MICROS)

    def _read(
        self, unread: list[Charge], again: "partial[Stepped | Parked[Stepped]]", now: int
    ) -> Stepped | Parked[Stepped]:
        """Look into the file, then step again."""
        flying = self._ahead.flying
        batch = flying
        for charge in unread:
            if isinstance(charge.amount, plan_model.Concurrency):
                continue
            if flying is None or charge.key not in flying.writes.wanted:
                batch = self._ahead.gather()
                batch.writes.wanted.setdefault(charge.key, (charge.amount, now))
        if batch is None:
            msg = "a step without a charge to read"
            raise RuntimeError(msg)
        return Parked(asyncio.shield(batch.ready), partial(_again, batch, again))

    def _settle(self, batch: Batch, found: Found) -> None:
        """A batch is in the file."""
        writes = batch.writes
        self._until = max(self._until, writes.until)
        for key, (state, promised) in found.items():
            if self._kept.find(key) is None:
                self._kept.put(key, Counter(state, promised))
        for key, written in writes.states.items():
            counter = self._kept.find(key)
            if counter is not None:
                counter.promised = written
            else:
                self._leaving.pop(key, None)

    def _leave(self, key: bytes, counter: Counter, now: int) -> None:
        """Let a counter go to the file as it is, or for good if it is over."""
        state, promised = counter.state, counter.promised
        over = state is None or idle(state, now - GRACE_MICROS)
        if promised is None:
            if not over:
                self._kept.put(key, counter)
            return
        if any(
            batch is not None and key in batch.writes.states for batch in (self._ahead.flying, self._ahead.gathering)
        ):
            self._kept.put(key, counter)
            return
        # From here on nothing is answered on the strength of the old promise: the file is about to say less.
        counter.promised = None if over else state
        self._leaving[key] = counter
        self._ahead.gather().writes.states[key] = counter.promised

    def _forget(self, now: int) -> None:
        """Rows that nobody asked for since the start, once they are over: a thousand at a time, round after round."""
        after, looking = self._forgetting
        if looking is not None:
            if not looking.done():
                return
            failed = looking.cancelled() or looking.exception() is not None
            after = after if failed else looking.result()
        work = partial(forget, after=after, limit=SLICE, before=now - FORGET_MICROS)
        self._forgetting = after, self._file.run(work)


async def open_limits(file: RunsSqlite, secret: bytes, now: int, max_awake: int = MAX_AWAKE) -> SqliteLimits:
    """Open the counters in this file. ``secret`` (at most 64 bytes) names their rows: with another one they begin anew.

    ``max_awake``: counters that are objects. Raises StoreFault where the file cannot be read or written.
    """
    admitted_until, brief = await file.run(partial(begin, until=now + AHEAD_MICROS))
    return SqliteLimits(file, secret, admitted_until, brief, now, Kept(max_awake))


def _answer(batch: Batch, standings: list[Standing]) -> Stepped:
    return OUTAGE if batch.failed else standings


def _again(batch: Batch, again: "partial[Stepped | Parked[Stepped]]") -> Stepped | Parked[Stepped]:
    return OUTAGE if batch.failed else again()
