"""Long work in short steps: a generator gives way whenever its pace says so."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Yields None where the caller may do something else, and returns the result."""

STRIDE = 200
"""How many nodes are read or checked between two turns: about a millisecond's work."""


class Pace:
    """Counts the nodes done. ``due`` counts one more and says whether it is time to give way.

    The busiest loops add to ``nodes`` themselves and ask ``full`` when it has reached ``turn``.
    """

    __slots__ = ("nodes", "turn")

    def __init__(self) -> None:
        self.nodes = 0
        self.turn = STRIDE

    def due(self) -> bool:
        """Count one node; true once for each stride."""
        self.nodes += 1
        return self.nodes >= self.turn and self.full()

    def full(self) -> bool:
        """Whether a stride is full; if so, the next one begins here."""
        if self.nodes < self.turn:
            return False
        self.turn = self.nodes + STRIDE
        return True


def run(steps: "Steps[T]") -> T:
    """Take all the steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
