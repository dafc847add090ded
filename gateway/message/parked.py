"""A step that cannot answer at once returns what to wait for and how to go on. Only then does a request cost a coroutine."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Parked(Generic[T]):
    """Await ``ready``, then call ``resume()``: it gives a value, a refusal, or is parked again."""

    ready: Awaitable[object]
    resume: Callable[[], "T | Parked[T]"]


async def settle(step: "T | Parked[T]") -> T:
    """Wait until a step has its value."""
    while isinstance(step, Parked):
        await step.ready
        step = step.resume()
    return step
