"""One timer, armed while there is something to watch."""

import asyncio

import pytest

from gateway.upstream.sweeper import Sweeper


async def test_it_sweeps_until_nothing_is_left_and_can_be_woken_again() -> None:
    loop = asyncio.get_running_loop()
    swept: list[float] = []
    done = asyncio.Event()

    def sweep(now: float) -> bool:
        swept.append(now)
        if len(swept) % 3 == 0:
            done.set()
        return len(swept) % 3 != 0

    sweeper = Sweeper(loop, 0.001, sweep)
    for count in (3, 6):
        done.clear()
        sweeper.wake()
        sweeper.wake()
        await done.wait()
        assert len(swept) == count
        assert sweeper._handle is None
    assert swept == sorted(swept)


async def test_it_stops() -> None:
    sweeper = Sweeper(asyncio.get_running_loop(), 0.001, lambda _: pytest.fail("stopped before it was due"))
    sweeper.stop()
    sweeper.wake()
    sweeper.stop()
    await asyncio.sleep(0.005)
    assert sweeper._handle is None


async def test_a_sweep_that_fails_does_not_end_the_sweeps() -> None:
    loop = asyncio.get_running_loop()
    failures: list[object] = []
    loop.set_exception_handler(lambda _, context: failures.append(context["exception"]))
    again = asyncio.Event()

    def sweep(now: float) -> bool:
        if not failures:
            raise RuntimeError("once")
        again.set()
        return False

    Sweeper(loop, 0.001, sweep).wake()
    await again.wait()
    assert [str(failure) for failure in failures] == ["once"]
