"""The tables of counters: what is written is read again, at any size, and the file tells nobody's name."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.quota.ahead import block
from gateway.quota.counters_sqlite import (
    LIMITS_SCHEMA,
    Writes,
    begin,
    carry_out,
    end,
    forget,
    row_id,
    row_of,
    state_of,
    write_states,
)
from policylang.embed import ConcurrencyState, QuotaState, RateState, State, idle, plan_model

SECRET = b"s" * 32
NOW = 1_700_000_000_000_000
DAILY = plan_model.Quota(5_000, "day", 0, "UTC")
SLOW = plan_model.Rate(7, 60_000_000, 20)

micros = st.integers(0, 2**52)
states = st.builds(RateState, arrival=st.integers(0, 2**90), scale=st.integers(2**38, 2**52)) | st.builds(
    QuotaState, start=micros, end=micros, used=st.integers(0, 2**52)
)


@pytest.fixture
def cursor() -> Iterator[sqlite3.Cursor]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in LIMITS_SCHEMA.steps:
        for statement in step:
            connection.execute(statement)
    yield connection.cursor()
    connection.close()


@given(states)
def test_a_state_is_read_as_it_was_written_and_fits_into_64_bits(state: State) -> None:
    row, kind, a, b, c, over = row_of(b"id", state)
    assert row == b"id"
    assert state_of(kind, a, b, c) == state
    assert all(0 <= number < 2**63 for number in (a, b, c, over))
    assert idle(state, over)
    assert over == 0 or not idle(state, over - 1)


def test_slots_are_not_written() -> None:
    with pytest.raises(TypeError, match="not durable"):
        row_of(b"id", ConcurrencyState(((1, b"h"),)))


def test_the_name_of_a_row_is_a_digest_that_another_secret_does_not_make() -> None:
    assert len(row_id(b"ana@example.com", SECRET)) == 16
    assert row_id(b"ana@example.com", SECRET) != row_id(b"ana@example.com", b"t" * 32)
    assert row_id(b"a", SECRET) != row_id(b"b", SECRET)


def test_a_counter_that_is_read_is_promised_a_block_beyond_what_it_had(cursor: sqlite3.Cursor) -> None:
    wanted = Writes(wanted={b"new": (DAILY, NOW), b"known": (DAILY, NOW)})
    start, ends = NOW - NOW % 86_400_000_000, NOW - NOW % 86_400_000_000 + 86_400_000_000
    write_states(cursor, {b"known": QuotaState(start, ends, 70)}, SECRET)
    found = carry_out(cursor, wanted, SECRET)
    assert found == {
        b"new": (None, QuotaState(start, ends, block(DAILY))),
        b"known": (QuotaState(start, ends, 70), QuotaState(start, ends, 70 + block(DAILY))),
    }
    again = carry_out(cursor, wanted, SECRET)
    assert again[b"known"][0] == found[b"known"][1], "what is promised is in the file"


def test_a_counter_that_is_spent_is_promised_nothing_more(cursor: sqlite3.Cursor) -> None:
    full = QuotaState(0, NOW + 1, 5_000)
    write_states(cursor, {b"a": full}, SECRET)
    assert carry_out(cursor, Writes(wanted={b"a": (DAILY, NOW)}), SECRET) == {b"a": (full, full)}


def test_states_are_written_and_removed(cursor: sqlite3.Cursor) -> None:
    arrival = RateState(NOW * 7 + 3, 7)
    carry_out(cursor, Writes(states={b"a": arrival, b"b": QuotaState(0, 9, 1)}, until=NOW), SECRET)
    carry_out(cursor, Writes(states={b"b": None}), SECRET)
    assert cursor.execute("SELECT id FROM counters").fetchall() == [(row_id(b"a", SECRET),)]
    assert carry_out(cursor, Writes(wanted={b"a": (SLOW, NOW)}), SECRET)[b"a"][0] == arrival
    assert begin(cursor, 5)[0] == NOW


def test_a_clean_end_keeps_brief_counters_for_one_beginning(cursor: sqlite3.Cursor) -> None:
    assert begin(cursor, NOW) == (0, {})
    end(cursor, [(b"a", RateState(5, 1))], {}, 0, SECRET)
    assert begin(cursor, NOW) == (0, {row_id(b"a", SECRET): RateState(5, 1)})
    assert begin(cursor, NOW + 1) == (NOW, {}), "no clean end since"


def test_rows_that_are_over_are_forgotten_a_few_at_a_time(cursor: sqlite3.Cursor) -> None:
    write_states(cursor, {b"%d" % n: QuotaState(0, 100 + n, 1) for n in range(10)}, SECRET)
    after, rounds = b"", 0
    while (after := forget(cursor, after, 4, 104)) or not rounds:
        rounds += 1
    assert rounds == 2
    left = {over for (over,) in cursor.execute("SELECT over FROM counters")}
    assert left == {105, 106, 107, 108, 109}
