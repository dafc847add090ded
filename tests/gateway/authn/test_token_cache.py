import gc

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.authn.packing import Entry, fact_of
from gateway.authn.token_cache import (
    ASLEEP_BYTES,
    ENTRY_BYTES,
    FACT_BYTES,
    HAND_STEPS,
    MAX_CELLS,
    MAX_DOZING,
    TokenCache,
    measure,
)
from gateway.message.principal import CellFacts
from policylang.embed import TokenFacts

FACT = fact_of(Entry(0, (), b"", 0, "plan", valid_until=1000, thumbprint=b"t" * 16))


def entry(valid_until: int = 1000, used: bool = True, claims: tuple[object, ...] = ("u1",)) -> Entry:
    return Entry(0, claims, b"i" * 16, valid_until, "plan", valid_until=valid_until, thumbprint=b"t" * 16, used=used)


def fact_until(valid_until: int) -> bytes:
    return fact_of(entry(valid_until))


def key(number: int) -> bytes:
    return number.to_bytes(24, "big")


def test_an_entry_takes_the_place_of_its_fact() -> None:
    cache = TokenCache(max_awake=1_000)
    cache.note(key(1), FACT)
    cache.keep(key(1), entry(), 0)
    assert key(1) not in cache.facts
    assert cache.entries[key(1)].size == cache.entry_bytes > ENTRY_BYTES


def test_forgetting_and_clearing() -> None:
    cache = TokenCache(max_awake=1_000)
    cache.note(key(1), FACT)
    cache.keep(key(2), entry(), 0)
    cache.forget(key(1))
    cache.forget(key(2))
    cache.forget(key(3))
    assert (len(cache.facts), len(cache.entries), cache.entry_bytes) == (0, 0, 0)
    cache.note(key(1), FACT)
    cache.keep(key(2), entry(), 0)
    cache.clear()
    assert (len(cache.facts), len(cache.entries), cache.entry_bytes) == (0, 0, 0)


def test_newcomers_take_the_place_of_newcomers() -> None:
    cache = TokenCache(max_entries=10)
    for number in range(10):
        cache.keep(key(number), entry(), 0)
    for number in range(100, 10_000):
        cache.note(key(number), FACT)
    assert list(cache.entries) == [key(number) for number in range(10)]
    assert len(cache.facts) == 10
    assert key(9_999) in cache.facts


def test_an_entry_that_is_in_use_is_not_evicted_by_one_that_comes() -> None:
    cache = TokenCache(max_entries=100)
    for number in range(100):
        cache.keep(key(number), entry(), 0)
    cache.keep(key(1000), entry(), 0)
    assert key(1000) not in cache.entries
    assert cache.facts[key(1000)] == FACT
    assert len(cache.entries) == 100
    assert cache.evicted == 0


def test_an_entry_that_was_not_used_for_a_turn_of_the_hand_goes_and_leaves_its_fact() -> None:
    cache = TokenCache(max_entries=3)
    for number in range(3):
        cache.keep(key(number), entry(used=number != 1), 0)
    cache.keep(key(3), entry(), 0)
    assert set(cache.entries) == {key(0), key(2), key(3)}
    assert cache.facts == {key(1): FACT}
    assert cache.evicted == 1


def test_an_expired_entry_makes_room_whether_used_or_not() -> None:
    cache = TokenCache(max_entries=1)
    cache.keep(key(0), entry(valid_until=5, used=True), 0)
    cache.keep(key(1), entry(), 5)
    assert list(cache.entries) == [key(1)]
    assert key(0) not in cache.facts


def test_the_work_of_one_insertion_is_bounded() -> None:
    cache = TokenCache(max_entries=1000)
    for number in range(1000):
        cache.keep(key(number), entry(), 0)
    cache.keep(key(5000), entry(), 0)
    assert sum(not one.used for one in cache.entries.values()) == HAND_STEPS


def test_keeping_again_counts_once() -> None:
    cache = TokenCache(max_entries=1)
    cache.keep(key(0), entry(), 0)
    before = cache.entry_bytes
    cache.keep(key(0), entry(), 0)
    assert cache.entry_bytes == before
    assert len(cache.entries) == 1


def test_bytes_are_bounded_for_entries_and_facts() -> None:
    limit = 100_000
    cache = TokenCache(max_entries=10**6, max_bytes=limit, max_awake=1_000)
    for number in range(2_000):
        cache.keep(key(number), entry(used=False, claims=("x" * 500, frozenset(("a", "b")))), 0)
    assert cache.entry_bytes <= limit * 3 // 4
    assert cache.entry_bytes == sum(one.size for one in cache.entries.values())
    assert len(cache.facts) * FACT_BYTES <= limit // 4
    assert len(cache.entries) > 10


def test_an_entry_larger_than_all_there_is_stays_out() -> None:
    cache = TokenCache(max_bytes=10_000, max_awake=1_000)
    cache.keep(key(0), entry(claims=("x" * 10_000,)), 0)
    assert len(cache.entries) == 0
    assert cache.facts[key(0)] == FACT


def test_growth_is_measured_when_the_hand_comes_by() -> None:
    cache = TokenCache(max_bytes=40_000, max_awake=1_000)
    for number in range(10):
        cache.keep(key(number), entry(), 0)
    for one in cache.entries.values():
        one.cells.update({(route, "GET"): CellFacts(TokenFacts(0, 1, ())) for route in range(20)})
    cache.sweep(0, 100)
    assert cache.entry_bytes == sum(measure(one) for one in cache.entries.values())
    assert cache.entry_bytes <= 30_000
    assert 0 < len(cache.entries) < 10


def test_cells_of_one_entry_are_bounded() -> None:
    cache = TokenCache(max_awake=1_000)
    cache.keep(key(0), entry(), 0)
    grown = cache.entries[key(0)]
    grown.cells.update({(route, "GET"): CellFacts(TokenFacts(0, 1, ())) for route in range(MAX_CELLS + 1)})
    cache.sweep(0, 1)
    assert grown.cells == {}


def test_a_sweep_drops_what_has_expired_and_looks_at_no_more_than_it_may() -> None:
    cache = TokenCache(max_awake=1_000)
    for number in range(100):
        cache.note(key(number), fact_until(10))
        cache.note(key(2000 + number), fact_until(1000))
        cache.keep(key(1000 + number), entry(valid_until=10 if number % 2 else 1000), 0)
    cache.sweep(10, 20)
    assert 180 <= len(cache.facts) < 200
    assert len(cache.entries) == 90
    for _ in range(200):
        cache.sweep(10, 20)
    assert (len(cache.facts), len(cache.entries)) == (100, 50)
    cache.sweep(1000, 1000)
    assert (len(cache.facts), len(cache.entries), cache.entry_bytes) == (0, 0, 0)


def test_facts_weigh_nothing_on_the_collector() -> None:
    cache = TokenCache(max_awake=1_000)
    for number in range(1000):
        cache.note(key(number), fact_until(number))
    gc.collect()
    assert not any(gc.is_tracked(fact) for fact in cache.facts.values())


@pytest.mark.parametrize("claims", [(), ("x" * 1000,), (frozenset("abc"), None, 3, True)])
def test_a_measure_is_at_least_the_base(claims: tuple[object, ...]) -> None:
    assert measure(entry(claims=claims)) >= ENTRY_BYTES


class CacheModel(RuleBasedStateMachine):
    """Whatever comes in what order: bounds hold, accounts add up, and entries in use outlast newcomers."""

    def __init__(self) -> None:
        super().__init__()
        self.cache = TokenCache(max_entries=6, max_bytes=20_000, max_awake=3)
        self.now = 0

    @rule(number=st.integers(0, 12), life=st.integers(1, 5))
    def note(self, number: int, life: int) -> None:
        before = set(self.cache.entries)
        self.cache.note(key(number), fact_until(self.now + life))
        assert set(self.cache.entries) == before

    @rule(number=st.integers(0, 12), life=st.integers(1, 5), size=st.integers(0, 900), used=st.booleans())
    def keep(self, number: int, life: int, size: int, used: bool) -> None:
        self.cache.keep(key(number), entry(self.now + life, used, ("x" * size,)), self.now)
        assert any(key(number) in kept for kept in (self.cache.entries, self.cache.asleep, self.cache.facts))

    @rule(number=st.integers(0, 12))
    def use(self, number: int) -> None:
        found = self.cache.entries.get(key(number))
        if found is not None:
            found.used = True

    @rule(number=st.integers(0, 12))
    def wake(self, number: int) -> None:
        known = key(number) in self.cache.entries or key(number) in self.cache.asleep
        assert (self.cache.awake(key(number), self.now) is not None) is known

    @rule(steps=st.integers(0, 20))
    def sweep(self, steps: int) -> None:
        self.cache.sweep(self.now, steps)

    @rule(number=st.integers(0, 12))
    def forget(self, number: int) -> None:
        self.cache.forget(key(number))
        assert key(number) not in self.cache.entries
        assert key(number) not in self.cache.facts

    @rule(step=st.integers(1, 3))
    def wait(self, step: int) -> None:
        self.now += step

    @invariant()
    def bounded(self) -> None:
        assert len(self.cache.entries) <= 3
        assert len(self.cache) <= 6
        assert len(self.cache.facts) <= 6
        assert self.cache.entry_bytes == sum(one.size for one in self.cache.entries.values())
        assert self.cache.asleep_bytes == sum(ASLEEP_BYTES + len(packed) for packed in self.cache.asleep.values())
        assert self.cache.entry_bytes + self.cache.asleep_bytes <= 15_000


TestCacheModel = CacheModel.TestCase
TestCacheModel.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_an_entry_that_is_not_used_falls_asleep_and_wakes() -> None:
    cache = TokenCache(max_entries=100, max_awake=4)
    for number in range(20):
        cache.keep(key(number), entry(used=False, claims=(f"u{number}",)), 0)
    assert (len(cache.entries), len(cache.asleep), len(cache)) == (4, 16, 20)
    assert len(cache.facts) == 0
    for number in range(20):
        found = cache.awake(key(number), 0)
        assert found is not None
        assert found.claims == (f"u{number}",)
        assert key(number) in cache.asleep
        assert cache.awake(key(number), 0) is found
        assert cache.entries[key(number)] is found
    assert (len(cache.entries), len(cache.asleep), cache.evicted) == (4, 16, 0)
    assert cache.woken >= 16
    assert cache.awake(key(99), 0) is None


def test_while_all_that_are_awake_are_in_use_a_newcomer_sleeps() -> None:
    cache = TokenCache(max_entries=100, max_awake=20)
    for number in range(21):
        cache.keep(key(number), entry(), 0)
    assert set(cache.asleep) == {key(20)}
    found = cache.awake(key(20), 0)
    assert found is not None
    assert cache.awake(key(20), 0) is found
    assert key(20) in cache.asleep
    assert key(20) not in cache.entries


def test_one_use_of_a_sleeper_leaves_it_packed_and_what_was_minted_for_it_is_kept() -> None:
    cache = TokenCache(max_entries=10_000, max_awake=1)
    for number in range(MAX_DOZING + 3):
        cache.keep(key(number), entry(used=False, claims=(f"u{number}",)), 0)
    first = cache.awake(key(0), 0)
    assert first is not None
    first.minted[0] = ("u0", (), "kid", 900, "signed")
    for number in range(1, MAX_DOZING + 1):
        cache.awake(key(number), 0)
    assert (len(cache.dozing), cache.woken) == (MAX_DOZING, 0)
    assert cache.asleep_bytes == sum(ASLEEP_BYTES + len(packed) for packed in cache.asleep.values())
    again = cache.awake(key(0), 0)
    assert again is not None
    assert again is not first
    assert again.minted == {0: ("u0", (), "kid", 900, "signed")}


def test_who_dozes_is_forgotten_and_cleared_too() -> None:
    cache = TokenCache(max_entries=100, max_awake=1)
    for number in range(5):
        cache.keep(key(number), entry(valid_until=10, used=False), 0)
    for number in range(3):
        assert cache.awake(key(number), 0) is not None
    cache.forget(key(0))
    assert cache.awake(key(0), 0) is None
    cache.sweep(10, 100)
    assert cache.awake(key(1), 10) is None
    cache.clear()
    assert len(cache.dozing) == 0


def test_sleepers_count_make_room_and_leave_their_fact() -> None:
    cache = TokenCache(max_entries=10, max_awake=2)
    for number in range(30):
        cache.keep(key(number), entry(used=False), 0)
    assert len(cache) == 10
    assert len(cache.facts) == 10
    assert cache.evicted == 20
    assert cache.asleep_bytes == sum(ASLEEP_BYTES + len(packed) for packed in cache.asleep.values())
    assert not set(cache.facts) & (set(cache.entries) | set(cache.asleep))


def test_sleepers_are_forgotten_swept_and_cleared() -> None:
    cache = TokenCache(max_entries=100, max_awake=1)
    for number in range(50):
        cache.keep(key(number), entry(valid_until=10 if number % 2 else 1000, used=False), 0)
    cache.forget(key(0))
    assert cache.awake(key(0), 0) is None
    for _ in range(20):
        cache.sweep(10, 100)
    assert len(cache) == 24
    assert cache.asleep_bytes == sum(ASLEEP_BYTES + len(packed) for packed in cache.asleep.values())
    cache.clear()
    assert (len(cache), cache.asleep_bytes, cache.entry_bytes) == (0, 0, 0)


def test_the_key_of_a_sleeper_is_known() -> None:
    cache = TokenCache(max_entries=100, max_awake=1)
    for number in range(3):
        cache.keep(key(number), entry(used=False), 0)
    cache.note(key(7), FACT)
    assert [cache.thumbprint(key(number)) for number in (0, 2, 7, 8)] == [b"t" * 16] * 3 + [None]


def test_bytes_bound_sleepers_as_well() -> None:
    cache = TokenCache(max_entries=10**6, max_bytes=100_000, max_awake=3)
    for number in range(2_000):
        cache.keep(key(number), entry(used=False, claims=("x" * 300,)), 0)
    assert cache.entry_bytes + cache.asleep_bytes <= 75_000
    assert len(cache.asleep) > 20


def test_room_follows_the_number_of_entries() -> None:
    cache = TokenCache(max_entries=1_000_000)
    assert cache._max_entry_bytes >= 1_000_000 * 700
    assert TokenCache(max_entries=10)._max_entry_bytes == 192 * 1024 * 1024


def test_sleepers_weigh_nothing_on_the_collector() -> None:
    cache = TokenCache(max_entries=1000, max_awake=10)
    for number in range(1000):
        cache.keep(key(number), entry(used=False, claims=("u", frozenset(("a",)))), 0)
    gc.collect()
    assert len(cache.asleep) == 990
    assert not any(gc.is_tracked(packed) for packed in cache.asleep.values())
