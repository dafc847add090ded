"""The log of changes: cursors, losses, and whoever waits."""

import asyncio

from gateway.records.change_log import ChangeLog
from gateway.records.port import Change


def change(n: int) -> Change:
    return Change("metadata", f"n{n}", n)


def test_a_cursor_goes_on_where_it_was() -> None:
    log = ChangeLog()
    begin = log.since(b"")
    assert (begin.changes, begin.lost) == ((), False)
    log.append(change(1))
    log.append(change(2))
    found = log.since(begin.cursor)
    assert found.changes == (change(1), change(2))
    assert log.since(found.cursor).changes == ()
    log.append(change(3))
    assert log.since(found.cursor).changes == (change(3),)


def test_who_is_behind_what_is_kept_is_lost() -> None:
    log = ChangeLog(kept=2)
    cursor = log.since(b"").cursor
    log.append(change(1))
    log.append(change(2))
    assert not log.since(cursor).lost
    log.append(change(3))
    found = log.since(cursor)
    assert (found.changes, found.lost) == ((), True)
    assert not log.since(found.cursor).lost


def test_cursors_of_others_are_lost() -> None:
    log, other = ChangeLog(), ChangeLog()
    other.append(change(1))
    assert log.since(other.since(b"").cursor).lost
    assert log.since(b"x").lost
    ahead = other.since(b"").cursor
    assert log.since(log.since(b"").cursor[:8] + ahead[8:]).lost


def test_forgetting_loses_everybody() -> None:
    log = ChangeLog()
    cursor = log.since(b"").cursor
    log.forget()
    assert log.since(cursor).lost


async def test_a_change_wakes_all_who_wait() -> None:
    log = ChangeLog()
    cursor = log.since(b"").cursor
    waiting = [asyncio.create_task(log.after(cursor, 60)) for _ in range(3)]
    await asyncio.sleep(0)
    log.append(change(1))
    for found in await asyncio.gather(*waiting):
        assert found.changes == (change(1),)


async def test_a_loss_wakes_them_too_and_patience_ends() -> None:
    log = ChangeLog()
    cursor = log.since(b"").cursor
    waiting = asyncio.create_task(log.after(cursor, 60))
    await asyncio.sleep(0)
    log.forget()
    assert (await waiting).lost
    found = await log.after(log.since(b"").cursor, 0.001)
    assert (found.changes, found.lost) == ((), False)
    assert not log._waiting


async def test_who_gives_up_is_forgotten() -> None:
    log = ChangeLog()
    waiting = asyncio.create_task(log.after(log.since(b"").cursor, 60))
    await asyncio.sleep(0)
    assert log._waiting
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert not log._waiting
