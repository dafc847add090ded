"""A store that hangs is a store that is out: waiting for it has an end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from gateway.message.ports import OUTAGE, Outage

T = TypeVar("T")


async def in_time(call: Coroutine[Any, Any, T | Outage], seconds: float) -> T | Outage:
    """The answer of a call to a store, or an Outage after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await call
    except TimeoutError:
        return OUTAGE
