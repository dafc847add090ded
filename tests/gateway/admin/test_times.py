"""Times on the wire and inside."""

import pytest

from gateway.admin.problems import Problem
from gateway.admin.times import end_at, instant, micros_of, time_at
from tests.strategies.tokens import NOW


def test_there_and_back() -> None:
    assert micros_of("2026-02-01T12:00:00Z") == NOW
    assert instant(NOW) == "2026-02-01T12:00:00Z"


@pytest.mark.parametrize(
    "text", ["2026-02-30T12:00:00Z", "2026-02-01T24:00:00Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z"]
)
def test_no_such_time(text: str) -> None:
    with pytest.raises(Problem) as raised:
        time_at("/expires", text)
    assert raised.value.errors[0].pointer == "/expires"


def test_an_end_is_ahead_and_can_be_told() -> None:
    assert end_at("/e", "2026-02-01T12:00:01Z", NOW) == NOW + 1_000_000
    for text in ("2026-02-01T12:00:00Z", "2300-01-01T00:00:00Z"):
        with pytest.raises(Problem):
            end_at("/e", text, NOW)
