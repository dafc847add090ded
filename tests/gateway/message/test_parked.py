"""Parked steps: waits are chained in order, failures reach whoever waits."""

import asyncio

import pytest

from gateway.message.parked import Parked, settle, then


def later(value: int, order: list[str]) -> Parked[int]:
    async def wait() -> None:
        order.append(f"wait {value}")
        await asyncio.sleep(0)

    return Parked(wait(), lambda: value)


async def test_waits_are_chained() -> None:
    order: list[str] = []

    def grow(number: int) -> int | Parked[int]:
        return later(number + 1, order)

    def shout(number: int) -> str | Parked[str]:
        return str(number) + "!"

    assert await settle(then(then(later(1, order), grow), shout)) == "2!"
    assert order == ["wait 1", "wait 2"]


async def test_a_value_needs_no_wait() -> None:
    assert await settle(5) == 5


async def test_a_failure_while_waiting_is_raised() -> None:
    async def fail() -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await settle(Parked(fail(), lambda: 1))
