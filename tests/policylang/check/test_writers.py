from collections.abc import Sequence
from typing import Any

from policylang.check.environment import Sink
from policylang.check.writers import Writers
from policylang.source.spans import Span


def at(start: int) -> Span:
    return Span(0, start, start + 1)


def complaints(writers: Writers) -> list[tuple[int, int]]:
    sink = Sink()
    writers.settle(sink)
    return [(d.labels[0].span.start, d.labels[1].span.start) for d in sink.found]


def test_one_writer_for_each_route_direction_and_folded_name() -> None:
    writers = Writers()
    writers.announce("X-User", "request", ("a", "b"), at(1))
    writers.announce("X-User", "response", ("a", "b"), at(2))
    writers.announce("X-Other", "request", ("a", "b"), at(3))
    writers.announce("X-User", "request", ("c",), at(4))
    assert complaints(writers) == []


def test_spellings_that_fold_to_one_meet() -> None:
    writers = Writers()
    writers.announce("x_user", "request", ("b",), at(2))
    writers.announce("X-User", "request", ("a", "b"), at(1))
    assert complaints(writers) == [(2, 1)]


def test_a_writer_is_told_once_however_many_routes_it_shares() -> None:
    writers = Writers()
    for start in (1, 2, 3):
        writers.announce("X-User", "request", ("a", "b", "c"), at(start))
    assert complaints(writers) == [(2, 1), (3, 1)]


def test_a_writer_without_routes_meets_nobody() -> None:
    writers = Writers()
    writers.announce("X-User", "request", (), at(1))
    writers.announce("X-User", "request", (), at(2))
    assert complaints(writers) == []


def test_the_note_says_why_two_names_are_one() -> None:
    writers = Writers()
    writers.announce("X-User", "request", ("a",), at(1))
    writers.announce("X_USER", "request", ("a",), at(2))
    writers.announce("x-user", "request", ("a",), at(3))
    sink = Sink()
    writers.settle(sink)
    assert [bool(d.notes) for d in sink.found] == [True, False]


class Walked(Sequence[str]):
    """Routes that tell how often they are walked through."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.walks = 0

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: Any) -> Any:
        self.walks += index == 0
        return self.names[index]


def test_names_with_one_writer_cost_no_walk_through_their_routes() -> None:
    writers = Writers()
    routes = Walked(("a", "b"))
    for index in range(50):
        writers.announce(f"X-{index}", "request", routes, at(index))
    assert complaints(writers) == []
    assert routes.walks == 0
    writers.announce("X-0", "request", routes, at(100))
    assert complaints(writers) == [(100, 0)]
    assert routes.walks == 2
