"""Work beside the requests: one task a chore, each at its own pace, each in pieces that leave the loop free."""

import asyncio
from collections.abc import Callable, Coroutine

from gateway.authn.key_sets import KeySets
from gateway.message.ports import Clock
from gateway.server.decision_log import DecisionLog

LOG_SECONDS = 0.1
SWEEP_SECONDS = 1.0


async def write_log(log: DecisionLog) -> None:
    """Write decisions in batches, giving requests a turn after each."""
    while True:  # noqa: ASYNC110 -- one task polls, so that a request pays for no event
        await asyncio.sleep(0 if log.write_batch() else LOG_SECONDS)


async def sweep(forget: Callable[[int], None], clock: Clock) -> None:
    """Forget what says nothing any more, at an even pace: ``forget`` looks at a bounded number of entries, at an instant in
    microseconds."""
    while True:
        forget(clock())
        await asyncio.sleep(SWEEP_SECONDS)


async def report_keys(key_sets: KeySets, tell: Callable[[str], None]) -> None:
    """Say once what keeps an issuer's keys from being had, and once that they are there again."""
    troubles: dict[tuple[str, ...], str] = {}
    while True:
        for status in key_sets.status():
            reason = status.reason if not status.usable else ""
            if reason == troubles.get(status.issuers, ""):
                continue
            troubles[status.issuers] = reason
            who = f"issuer {', '.join(status.issuers)}"
            hint = ": list its host in egress.private_hosts" if reason == "address_refused" else ""
            tell(f"{who}: no keys, {reason}{hint}" if reason else f"{who}: keys are there")
        await asyncio.sleep(SWEEP_SECONDS)


class Chores:
    """Tasks that run until ``stop``. One that fails is a defect: ``broken`` is told, and the others go on."""

    def __init__(self, broken: Callable[[BaseException], None]) -> None:
        self._broken = broken
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, *chores: Coroutine[object, object, None]) -> None:
        """Begin these."""
        for chore in chores:
            task = asyncio.get_running_loop().create_task(chore)
            task.add_done_callback(self._ended)
            self._tasks.append(task)

    async def stop(self) -> None:
        """End all and wait for them."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken(error)
