"""A step that cannot answer at once returns what to wait for and how to go on. Only then does a request cost a coroutine."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(slots=True)
class Parked(Generic[T]):
    """Await ``ready``, then call ``resume()``: it gives a value, a refusal, or is parked again."""

    ready: Awaitable[object]
    resume: Callable[[], "T | Parked[T]"]


def then(step: "T | Parked[T]", go: Callable[[T], "U | Parked[U]"]) -> "U | Parked[U]":
    """Go on with a step's value: now where it has one, else when it gets one."""
    if not isinstance(step, Parked):
        return go(step)
    parked = step
    return Parked(parked.ready, lambda: then(parked.resume(), go))


async def settle(step: "T | Parked[T]") -> T:
    """Wait until a step has its value."""
    while isinstance(step, Parked):
        await step.ready
        step = step.resume()
    return step
