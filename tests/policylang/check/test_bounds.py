import pytest

from policylang.check.bounds import DAY, HOUR, MINUTE, SECOND, duration, number, written
from policylang.check.environment import Sink
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0s"), (1_000, "1ms"), (1_500, "1.5ms"), (SECOND, "1s"), (90 * SECOND, "90s"), (2 * MINUTE, "2min"),
        (36 * HOUR, "36h"), (366 * DAY, "366d"),
    ],
)  # fmt: skip
def test_durations_are_written_in_the_largest_exact_unit(micros: int, text: str) -> None:
    assert written(micros) == text


@pytest.mark.parametrize(("micros", "kept", "count"), [(9, 10, 1), (10, 10, 0), (20, 20, 0), (21, 20, 1)])
def test_bounds_are_inclusive_and_what_lies_beyond_is_brought_back(micros: int, kept: int, count: int) -> None:
    sink = Sink()
    assert duration("a period", nodes.Duration(NOWHERE, micros, "x"), 10, 20, sink) == kept
    assert number("a count", nodes.Int(NOWHERE, micros), 10, 20, sink) == kept
    assert len(sink.found) == 2 * count
