"""Parked steps: values pass straight through, waits are chained in order, failures reach whoever waits."""

import asyncio

import pytest

from gateway.message.parked import Parked, settle, then


def later(value: int, order: list[str]) -> Parked[int]:
    async def wait() -> None:
        order.append(f"wait {value}")
        await asyncio.sleep(0)

    return Parked(wait(), lambda: value)


async def test_a_value_goes_on_at_once() -> None:
    assert then(2, lambda n: n + 1) == 3


async def test_waits_are_chained() -> None:
    order: list[str] = []
    step = then(then(later(1, order), lambda n: later(n + 1, order)), lambda n: n * 10)
    assert isinstance(step, Parked)
    assert await settle(step) == 20
    assert order == ["wait 1", "wait 2"]


async def test_a_failure_while_waiting_is_raised() -> None:
    async def fail() -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await settle(then(Parked(fail(), lambda: 1), lambda n: n))
