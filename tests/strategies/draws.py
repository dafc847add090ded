"""Small choices, each a cheap integer: a rule set takes hundreds, and a strategy for each would cost more than all else."""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

T = TypeVar("T")


@cache
def below(count: int) -> SearchStrategy[int]:
    """0 up to, and without, ``count``; made once for each count."""
    return st.integers(0, count - 1)


def pick(draw: DrawFn, options: Sequence[T]) -> T:
    """One of the options; the first when shrunk."""
    return options[draw(below(len(options)))] if len(options) > 1 else options[0]


def one_in(draw: DrawFn, count: int) -> bool:
    """True once in so many times; false when shrunk."""
    return draw(below(count)) == count - 1


def some(draw: DrawFn, options: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
    """Different options, from ``least`` to ``most`` of them."""
    left = list(options)
    highest = len(left) if most is None else min(most, len(left))
    count = least + draw(below(highest - least + 1)) if highest > least else min(least, highest)
    return [left.pop(draw(below(len(left))) if len(left) > 1 else 0) for _ in range(count)]
