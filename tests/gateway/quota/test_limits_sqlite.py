"""The SQLite store against the arithmetic it must compute, over clean stops, kills and a disk that refuses."""

import asyncio
from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.quota.ahead import BRIEF_MICROS, Durable, block, covers, is_brief, promise, spent
from gateway.quota.counters_sqlite import row_id, state_of
from gateway.quota.limits_sqlite import TURN_MICROS, SqliteLimits, open_limits
from policylang.embed import (
    Charge,
    ConcurrencyState,
    QuotaState,
    RateState,
    Standing,
    State,
    idle,
    plan_model,
    released,
    step,
)
from tests.strategies.charges import charge, charges, gaps
from tests.strategies.played_file import PlayedFile

SECRET = b"s" * 32
NOW = 1_700_000_000_000_000
DAILY = plan_model.Quota(5_000, "day", 0, "UTC")
SLOW = plan_model.Rate(1, 60_000_000, 4)
QUICK = plan_model.Rate(10, 1_000_000, 10)


def row(file: PlayedFile, key: bytes) -> State | None:
    found = file.connection.execute(
        "SELECT kind, a, b, c FROM counters WHERE id = ?", (row_id(key, SECRET),)
    ).fetchone()
    return None if found is None else state_of(*found)


class Stores(RuleBasedStateMachine):
    """One gateway that is asked, stopped and killed, beside the model."""

    @initialize(limits=charges(), max_awake=st.sampled_from([0, 1, 4_096]))
    def begin(self, limits: list[Charge], max_awake: int) -> None:
        self.limits = limits
        self.max_awake = max_awake
        self.runner = asyncio.Runner()
        self.file = PlayedFile()
        self.now = NOW
        self.model: dict[bytes, State] = {}
        self.store = self.runner.run(open_limits(self.file, SECRET, self.now, self.max_awake))

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.close()
            self.file.connection.close()

    def chosen(self, which: set[int]) -> list[Charge]:
        return [one for i, one in enumerate(self.limits) if i in which] or self.limits

    def expected(self, chosen: Sequence[Charge], holder: bytes = b"h") -> list[Standing]:
        states = [self.model.get(c.key) for c in chosen]
        standings, after = step([c.amount for c in chosen], states, self.now, holder)
        if after is not None:
            self.model.update({c.key: s for c, s in zip(chosen, after, strict=True) if s is not None})
        return standings

    @rule(which=st.sets(st.integers(0, 3)), gap=gaps, times=st.integers(1, 12))
    def ask(self, which: set[int], gap: int, times: int) -> None:
        self.now += gap
        chosen = self.chosen(which)

        async def together() -> list[Stepped]:
            asked = [self.store.step(chosen, self.now, b"h%d" % i) for i in range(times)]
            return [await settle(one) for one in asked]

        assert self.runner.run(together()) == [self.expected(chosen, b"h%d" % i) for i in range(times)]

    @rule(which=st.integers(0, 12))
    def release(self, which: int) -> None:
        self.store.release(self.limits, b"h%d" % which)
        for key, state in list(self.model.items()):
            if isinstance(state, ConcurrencyState):
                left = released(state, b"h%d" % which)
                self.model.pop(key) if left is None else self.model.update({key: left})

    @rule(turns=st.integers(1, 4))
    def sweep(self, turns: int) -> None:
        async def swept() -> None:
            for _ in range(turns):
                self.now += TURN_MICROS
                self.store.sweep(self.now)
                await asyncio.sleep(0.001)

        self.runner.run(swept())

    @rule(gap=gaps)
    def stop(self, gap: int) -> None:
        assert self.runner.run(self.store.close(self.now))
        self.now += gap
        self.model = {key: state for key, state in self.model.items() if not isinstance(state, ConcurrencyState)}
        self.store = self.runner.run(open_limits(self.file, SECRET, self.now, self.max_awake))

    @rule(which=st.sets(st.integers(0, 3)), gap=gaps)
    def refuse(self, which: set[int], gap: int) -> None:
        """A disk that refuses: what is answered is exact, and what is not is not charged."""
        self.file.broken = True
        self.now += gap
        chosen = self.chosen(which)
        before = dict(self.model)

        async def broken() -> Stepped:
            return await settle(self.store.step(chosen, self.now, b"h"))

        answer, expected = self.runner.run(broken()), self.expected(chosen)
        if isinstance(answer, Outage) or OUTAGE in answer:
            self.model = before
        else:
            assert answer == expected
        self.file.broken = False
        self.runner.run(self.recovered())

    async def recovered(self) -> None:
        while self.store.broken:
            self.store._ahead._tried = 0.0
            self.store.sweep(self.now)
            await asyncio.sleep(0.001)

    @rule(which=st.sets(st.integers(0, 3)), gap=gaps, underway=st.integers(0, 9))
    def kill(self, which: set[int], gap: int, underway: int) -> None:
        async def killed() -> None:
            for _ in range(underway):
                answer = self.store.step(self.chosen(which), self.now, b"h")
                if isinstance(answer, Parked):
                    break
                assert answer == self.expected(self.chosen(which))
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        # Before the loop goes on: what was asked to be written and is not yet must not be.
        self.file.automatic = False
        self.runner.run(killed())
        self.file.kill()
        self.file.automatic = True
        self.never_below_and_a_block_above()
        (until,) = self.file.connection.execute("SELECT at FROM admitted_until").fetchone()
        self.now += gap
        for limit in self.limits:
            self.model.pop(limit.key, None)
            known = self.known(limit, until)
            if known is not None:
                self.model[limit.key] = known
        self.store = self.runner.run(open_limits(self.file, SECRET, self.now, self.max_awake))

    def known(self, limit: Charge, until: int) -> State | None:
        if isinstance(limit.amount, plan_model.Concurrency):
            return None
        return spent(limit.amount, min(until, self.now)) if is_brief(limit.amount) else row(self.file, limit.key)

    def never_below_and_a_block_above(self) -> None:
        for limit in self.limits:
            amount, truth, said = limit.amount, self.model.get(limit.key), row(self.file, limit.key)
            if isinstance(amount, plan_model.Concurrency):
                continue
            if is_brief(amount):
                self.brief_is_known_to_be_spent(amount, truth)
                continue
            if truth is not None and not idle(truth, self.now):
                assert covers(said, truth)
                assert said is not None
                assert covers(promise(truth, amount), said)
            elif isinstance(said, QuotaState) and not idle(said, self.now):
                assert said.used <= block(amount)
            elif isinstance(said, RateState) and isinstance(amount, plan_model.Rate):
                assert said.arrival <= self.now * said.scale + block(amount) * amount.per_micros

    def brief_is_known_to_be_spent(self, amount: Durable, truth: State | None) -> None:
        (until,) = self.file.connection.execute("SELECT at FROM admitted_until").fetchone()
        said = spent(amount, min(until, self.now))
        if truth is None or idle(truth, self.now):
            return
        if isinstance(said, QuotaState):
            assert isinstance(truth, QuotaState)
            assert truth.end <= said.end
        else:
            assert covers(said, truth)


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


async def opened(file: PlayedFile, now: int = NOW) -> SqliteLimits:
    return await open_limits(file, SECRET, now)


def broken(store: SqliteLimits) -> bool:
    return store.broken


async def test_the_first_step_of_a_counter_waits_once_and_the_next_ones_answer_at_once() -> None:
    file = PlayedFile()
    store = await opened(file)
    commits = file.commits
    first = store.step([charge("a", DAILY)], NOW, b"h")
    assert isinstance(first, Parked)
    assert isinstance(await settle(first), list)
    assert file.commits == commits + 1
    for _ in range(400):
        assert isinstance(store.step([charge("a", DAILY)], NOW, b"h"), list)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_brief_limits_answer_at_once_from_the_start() -> None:
    file = PlayedFile()
    store = await opened(file)
    assert isinstance(store.step([charge("a", QUICK)], NOW, b"h"), list)
    assert file.connection.execute("SELECT count(*) FROM counters").fetchone() == (0,)


async def test_a_thousand_requests_at_once_share_a_commit_and_the_limit_is_exact() -> None:
    file = PlayedFile()
    store = await opened(file)
    limit = [charge("a", plan_model.Quota(300, "day", 0, "UTC"))]
    commits = file.commits
    asked = [store.step(limit, NOW, b"%d" % i) for i in range(1_000)]
    answers = await asyncio.gather(*(settle(one) for one in asked))
    assert sum(answer[0].admitted for answer in answers if isinstance(answer, list)) == 300
    assert file.commits - commits <= 3


async def test_a_killed_brief_counter_admits_nothing_that_may_have_been_admitted() -> None:
    file = PlayedFile()
    store = await opened(file)
    limit = [charge("a", QUICK)]
    for _ in range(10):
        answer = store.step(limit, NOW, b"h")
        assert isinstance(answer, list)
        assert answer[0].admitted
    again = await opened(file, NOW + 1)
    answer = again.step(limit, NOW + 1, b"h")
    assert isinstance(answer, list)
    assert not answer[0].admitted
    later = again.step(limit, NOW + 1 + BRIEF_MICROS, b"h")
    later = await settle(later)
    assert isinstance(later, list)
    assert later[0].remaining == 9


async def test_a_broken_disk_is_an_outage_and_what_is_promised_is_still_spent() -> None:
    file = PlayedFile()
    store = await opened(file)
    known, new = [charge("a", DAILY)], [charge("b", DAILY)]
    await settle(store.step(known, NOW, b"h"))
    file.broken = True
    assert await settle(store.step(new, NOW, b"h")) is OUTAGE
    assert broken(store)
    assert store.step(new, NOW, b"h") is OUTAGE
    strict = store.step([*known, *new], NOW, b"h")
    assert isinstance(strict, list)
    assert strict == [Standing(True, 4_999, strict[0].reset_micros, 0), OUTAGE]
    lax = store.step([*known, new[0]._replace(on_outage="allow")], NOW, b"h")
    assert isinstance(lax, list)
    assert lax == [Standing(True, 4_998, lax[0].reset_micros, 0), OUTAGE]
    admitted = 1
    while isinstance(answer := await settle(store.step(known, NOW, b"h")), list):
        admitted += answer[0].admitted
    assert admitted == block(DAILY) - 1
    file.broken = False
    await asyncio.sleep(0.3)
    store.sweep(NOW)
    await asyncio.sleep(0.01)
    assert not broken(store)
    assert isinstance(await settle(store.step(new, NOW, b"h")), list)
    answer = await settle(store.step(known, NOW, b"h"))
    assert isinstance(answer, list)
    assert answer[0].remaining == 5_000 - admitted - 2


async def test_objects_are_few_while_the_disk_is_broken_too() -> None:
    file = PlayedFile()
    store = await open_limits(file, SECRET, NOW, 3)
    file.broken = True
    assert await settle(store.step([charge("a", DAILY)], NOW, b"h")) is OUTAGE
    for number in range(50):
        store.step([charge(f"u{number}", QUICK)], NOW, b"h")
    assert (len(store), len(store._kept.awake)) == (50, 4)
    for number in range(50):
        answer = store.step([charge(f"u{number}", QUICK)], NOW, b"h")
        assert isinstance(answer, list)
        assert isinstance(answer[0], Standing)
        assert answer[0].remaining == 8
    assert len(store._kept.awake) == 4


async def test_a_killed_counter_is_never_below_what_was_answered_and_at_most_a_block_above() -> None:
    file = PlayedFile()
    store = await opened(file)
    for admitted in range(1, 200):
        answer = await settle(store.step([charge("a", DAILY), charge("s", SLOW)][: 1 + (admitted < 3)], NOW, b"h"))
        assert isinstance(answer, list)
        assert all(standing.admitted for standing in answer)
        daily, slow = row(file, b"a"), row(file, b"s")
        assert isinstance(daily, QuotaState)
        assert admitted <= daily.used <= admitted + block(DAILY)
        assert slow is not None
        assert covers(slow, RateState(NOW + min(admitted, 2) * 60_000_000, 1))
        assert covers(RateState(NOW + (min(admitted, 2) + block(SLOW)) * 60_000_000, 1), slow)


async def test_a_clean_stop_keeps_brief_counters_too() -> None:
    file = PlayedFile()
    store = await opened(file)
    limit = [charge("a", QUICK)]
    for _ in range(7):
        await settle(store.step(limit, NOW, b"h"))
    assert await store.close(NOW)
    again = await opened(file)
    answer = await settle(again.step(limit, NOW, b"h"))
    assert isinstance(answer, list)
    assert answer[0].remaining == 2
    other = await settle(again.step([charge("b", QUICK)], NOW, b"h"))
    assert isinstance(other, list)
    assert other[0].remaining == 9


async def test_a_disk_that_does_not_answer_is_not_waited_for() -> None:
    file = PlayedFile()
    store = await opened(file)
    file.automatic = False
    asked = [store.step([charge("a", DAILY), charge("b", SLOW)], NOW, b"h") for _ in range(2)]
    assert [await settle(one) for one in asked] == [OUTAGE, OUTAGE]
    assert store.step([charge("c", SLOW)], NOW, b"h") is OUTAGE
    file.automatic = True
    file.commit()
    await asyncio.sleep(0)
    assert not broken(store)
    answer = await settle(store.step([charge("a", DAILY), charge("b", SLOW)], NOW, b"h"))
    assert isinstance(answer, list)
    assert [s.remaining for s in answer] == [4_999, 3]


async def test_one_caller_that_goes_away_takes_nobody_with_it() -> None:
    file = PlayedFile()
    store = await opened(file)
    limit = [charge("a", DAILY)]
    gone = asyncio.ensure_future(settle(store.step(limit, NOW, b"1")))
    stays = asyncio.ensure_future(settle(store.step(limit, NOW, b"2")))
    await asyncio.sleep(0)
    gone.cancel()
    assert isinstance(await stays, list)


async def test_counters_that_nobody_charges_leave_memory_and_are_exact_when_they_come_back() -> None:
    file = PlayedFile()
    store = await opened(file)
    for name in ("a", "b", "c"):
        await settle(store.step([charge(name, DAILY)], NOW, b"h"))
    now = NOW
    for _ in range(3):
        now += TURN_MICROS
        store.sweep(now)
        await asyncio.sleep(0.001)
    assert len(store) == 0
    answer = await settle(store.step([charge("b", DAILY)], now, b"h"))
    assert isinstance(answer, list)
    assert answer[0].remaining == 4_998


async def test_what_a_start_knows_of_brief_counters_outlasts_a_stop_before_anybody_asked() -> None:
    file = PlayedFile()
    quick, other = [charge("quick", QUICK)], [charge("other", QUICK)]
    store = await opened(file)
    await settle(store.step(quick, NOW, b"h"))
    for _ in range(3):
        assert await store.close(NOW)
        store = await opened(file)
    answers = [await settle(store.step(quick, NOW, b"h")) for _ in range(10)]
    assert [one[0].admitted for one in answers if isinstance(one, list) and isinstance(one[0], Standing)] == [
        True
    ] * 9 + [False]
    file.kill()
    for _ in range(3):
        store = await opened(file)
        assert await store.close(NOW)
    store = await opened(file)
    answer = await settle(store.step(other, NOW, b"h"))
    assert isinstance(answer, list)
    assert isinstance(answer[0], Standing)
    assert not answer[0].admitted


async def test_a_counter_that_was_charged_within_a_turn_stays_in_memory() -> None:
    file = PlayedFile()
    store = await opened(file)
    limit = [charge("a", DAILY)]
    await settle(store.step(limit, NOW + TURN_MICROS - 1, b"h"))
    for after in (0, 1, TURN_MICROS - 2):
        store.sweep(NOW + TURN_MICROS + after)
        await asyncio.sleep(0.001)
    assert isinstance(store.step(limit, NOW + 2 * TURN_MICROS - 1, b"h"), list)


async def test_a_counter_that_comes_back_while_it_leaves_is_not_lost() -> None:
    file = PlayedFile()
    store = await opened(file)
    limit = [charge("a", DAILY)]
    await settle(store.step(limit, NOW, b"h"))
    for turn in (1, 2):
        now = NOW + turn * TURN_MICROS
        store.sweep(now)
    file.automatic = False
    store.sweep(now + 1)
    await asyncio.sleep(0)
    asked = store.step(limit, now + 1, b"h")
    assert isinstance(asked, Parked), "the file is about to say less than was promised"
    for _ in range(4):
        file.commit()
        await asyncio.sleep(0)
    answer = await settle(asked)
    assert isinstance(answer, list)
    assert answer[0].remaining == 4_998
    said = row(file, b"a")
    assert isinstance(said, QuotaState)
    assert said.used >= 2


async def test_rows_that_are_over_leave_the_file() -> None:
    file = PlayedFile()
    store = await opened(file)
    for n in range(5):
        await settle(store.step([charge(f"u{n}", SLOW)], NOW, b"h"))
    await settle(store.step([charge("m", plan_model.Quota(9, "month", 0, "UTC"))], NOW, b"h"))
    again = await opened(file, NOW)
    for _ in range(2):
        again.sweep(NOW + 2 * 3_600_000_000)
        await asyncio.sleep(0.001)
    assert file.connection.execute("SELECT count(*) FROM counters").fetchone() == (1,)


async def test_a_closed_store_is_an_outage_and_a_broken_close_says_so() -> None:
    file = PlayedFile()
    store = await opened(file)
    await settle(store.step([charge("a", DAILY)], NOW, b"h"))
    file.broken = True
    assert not await store.close(NOW)
    assert store.step([charge("a", DAILY)], NOW, b"h") is OUTAGE
    file.broken = False
    again = await opened(file)
    answer = await settle(again.step([charge("a", DAILY)], NOW, b"h"))
    assert isinstance(answer, list)
    assert answer[0].remaining == 5_000 - block(DAILY) - 1
