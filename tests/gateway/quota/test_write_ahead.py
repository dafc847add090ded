"""Batches: one is written while one is gathered, and what fails is undone, the last charge first."""

import asyncio

import pytest

from gateway.quota import write_ahead
from gateway.quota.counters_sqlite import Found
from gateway.quota.write_ahead import Batch, Counter, WriteAhead
from policylang.embed import QuotaState, RateState, State
from tests.strategies.played_file import PlayedFile

SECRET = b"s" * 32
ONE = QuotaState(0, 9, 1)


def opened(file: PlayedFile) -> tuple[WriteAhead, list[Batch]]:
    written: list[Batch] = []

    def settle(batch: Batch, found: Found) -> None:
        written.append(batch)

    return WriteAhead(file, SECRET, settle), written


def is_broken(ahead: WriteAhead) -> bool:
    return ahead.broken


async def turns(number: int = 3) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_what_comes_in_one_turn_is_one_batch_and_what_comes_later_is_the_next() -> None:
    file = PlayedFile()
    file.automatic = False
    ahead, written = opened(file)
    first = ahead.gather()
    assert ahead.gather() is first
    await turns()
    assert ahead.flying is first
    second = ahead.gather()
    assert second is not first
    await turns()
    assert len(file.queued) == 1, "no third one is queued"
    file.commit()
    await turns()
    assert first.ready.done()
    assert not second.ready.done()
    assert ahead.flying is second
    file.commit()
    await ahead.drain()
    assert written == [first, second]


async def test_a_failure_undoes_both_batches_the_last_charge_first() -> None:
    file = PlayedFile()
    file.automatic = False
    ahead, written = opened(file)
    counter = Counter(None)
    steps: list[State] = [RateState(5, 1), RateState(9, 1), RateState(14, 1)]
    first = ahead.gather()
    await turns()
    second = ahead.gather()
    for batch, after in zip((first, second, first), steps, strict=True):
        ahead.note(batch, counter, counter.state, after)
        counter.state = after
    file.broken = True
    file.commit()
    await turns()
    assert counter.state is None
    assert first.failed
    assert second.failed
    assert ahead.broken
    assert written == []


async def test_a_write_that_comes_back_late_is_settled_and_stays_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_ahead, "PATIENCE_SECONDS", 0.001)
    file = PlayedFile()
    file.automatic = False
    ahead, written = opened(file)
    counter = Counter(ONE)
    batch = ahead.gather()
    ahead.note(batch, counter, None, ONE)
    await batch.ready
    assert batch.failed
    assert counter.state is None
    assert ahead.flying is batch
    file.commit()
    await turns()
    assert not is_broken(ahead)
    assert written == [batch]
    assert batch.failed


async def test_a_broken_file_is_tried_again_and_not_at_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    file = PlayedFile()
    file.broken = True
    ahead, _ = opened(file)
    ahead.gather()
    await turns(5)
    assert is_broken(ahead)
    commits = file.commits
    for _ in range(5):
        ahead.probe(7)
        await turns(5)
    assert file.commits == commits
    monkeypatch.setattr(write_ahead, "RETRY_SECONDS", 0.0)
    file.broken = False
    ahead.probe(7)
    await turns(5)
    assert not is_broken(ahead)
    assert file.connection.execute("SELECT at FROM admitted_until").fetchone() == (7,)


async def test_a_file_that_never_answers_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_ahead, "PATIENCE_SECONDS", 0.001)
    monkeypatch.setattr(write_ahead, "RETRY_SECONDS", 0.0)
    file = PlayedFile()
    file.automatic = False
    ahead, _ = opened(file)
    ahead.gather()
    await ahead.drain()
    assert ahead.flying is not None
