"""A step that cannot answer at once returns what to wait for and how to go on. Only then does a request cost a coroutine."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
U = TypeVar("U")


@dataclass(slots=True)
class Parked(Generic[T]):
    """Await ``ready``, then call ``resume()``: it gives a value, a refusal, or is parked again."""

    ready: Awaitable[object]
    resume: Callable[[], "T | Parked[T]"]


def then(step: "Parked[T]", go: Callable[[T], "U | Parked[U]"]) -> "Parked[U]":
    """Go on with a parked step's value when it has one. A step that is not parked is gone on with directly."""

    def resume() -> "U | Parked[U]":
        settled = step.resume()
        return then(settled, go) if isinstance(settled, Parked) else go(settled)

    return Parked(step.ready, resume)


@overload
async def settle(step: Parked[T]) -> T: ...
@overload
async def settle(step: T) -> T: ...
async def settle(step: Any) -> Any:
    """Wait until a step has its value."""
    while isinstance(step, Parked):
        await step.ready
        step = step.resume()
    return step
