"""Chores: they go on until they are stopped, and one that breaks is told and takes no other with it."""

import asyncio
import json
import os
from pathlib import Path
from typing import cast

import pytest

from gateway import background
from gateway.authn.key_sets import KeySets, KeyStatus
from gateway.background import Chores, report_keys, sweep, write_log
from gateway.message.record import Record
from gateway.server.decision_log import BATCH, DecisionLog
from tests.strategies.key_sources import settled


async def test_one_that_breaks_is_told_and_the_others_go_on() -> None:
    told: list[BaseException] = []
    ran = 0

    async def broken() -> None:
        raise RuntimeError("broken")

    async def steady() -> None:
        nonlocal ran
        while True:
            await asyncio.sleep(0)
            ran += 1

    chores = Chores(told.append)
    chores.start(broken(), steady())
    await settled(5)
    before = ran
    await settled(5)
    assert ran > before > 0
    assert [str(error) for error in told] == ["broken"]
    await chores.stop()
    stopped = ran
    await settled(5)
    assert ran == stopped
    assert len(told) == 1, "an end that was asked for is no failure"
    await chores.stop()


async def test_sweeps_are_given_the_time_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    class Swept:
        def sweep(self, now: int) -> None:
            times.append(now)

    ticks = iter(range(100))
    chores = Chores(lambda error: None)
    monkeypatch.setattr(background, "SWEEP_SECONDS", 0)
    chores.start(sweep(Swept().sweep, lambda: next(ticks)))
    await settled(10)
    await chores.stop()
    assert times[:3] == [0, 1, 2]


async def test_the_log_is_written_in_batches_with_turns_between(tmp_path: Path) -> None:
    path = tmp_path / "log"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    log = DecisionLog(fd)
    for number in range(3 * BATCH):
        log.add(Record(f"{number:08x}", 0, "GET", kind="allow"))
    chores = Chores(lambda error: None)
    chores.start(write_log(log))
    await asyncio.sleep(0)
    assert log.written == BATCH
    await settled(10)
    assert log.pending == 0
    await chores.stop()
    os.close(fd)
    assert len([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]) == 3 * BATCH


class Reporting:
    """Key sets of one issuer whose status is another at each look."""

    def __init__(self, looks: list[tuple[str, int]]) -> None:
        self._looks = looks
        self.asked = 0

    def status(self) -> tuple[KeyStatus, ...]:
        reason, usable = self._looks[min(self.asked, len(self._looks) - 1)]
        self.asked += 1
        return (KeyStatus(("corp",), "url", "fresh" if usable else "failed", usable, 0, reason),)


async def test_keys_that_cannot_be_had_are_told_once_and_their_return_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "SWEEP_SECONDS", 0)
    said: list[str] = []
    sets = Reporting([("address_refused", 0), ("address_refused", 0), ("", 1), ("", 1)])
    task = asyncio.create_task(report_keys(cast("KeySets", sets), said.append))
    while sets.asked < 4:
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert said == [
        "issuer corp: no keys, address_refused: list its host in egress.private_hosts",
        "issuer corp: keys are there",
    ]
