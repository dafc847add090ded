"""The breaker: when it opens, how long it stays open, and that only a probe closes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.breaker import FIRST_PAUSE, LONGEST_PAUSE, THRESHOLD, Breaker


def opened(now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(THRESHOLD):
        breaker.failed(now)
    return breaker


def test_failures_in_a_row_open_it() -> None:
    breaker = Breaker()
    for _ in range(THRESHOLD - 1):
        breaker.failed(0)
    breaker.succeeded()
    for _ in range(THRESHOLD - 1):
        breaker.failed(0)
    assert breaker.state == "closed"
    breaker.failed(0)
    assert (breaker.state, breaker.opened) == ("open", 1)


def test_late_answers_change_nothing_while_it_is_open() -> None:
    breaker = opened()
    breaker.succeeded()
    breaker.failed(0)
    assert (breaker.state, breaker.opened) == ("open", 1)
    assert breaker.wait(0) == FIRST_PAUSE


def test_one_probe_when_it_is_time() -> None:
    breaker = opened()
    assert not breaker.probe(FIRST_PAUSE / 2)
    assert breaker.probe(FIRST_PAUSE)
    assert not breaker.probe(FIRST_PAUSE)
    breaker.succeeded()
    assert (breaker.state, breaker.wait(0)) == ("closed", 0)


def test_each_failed_probe_doubles_the_pause_up_to_its_bound() -> None:
    breaker, now, pauses = opened(), 0.0, []
    for _ in range(8):
        pauses.append(breaker.wait(now))
        now += pauses[-1]
        assert breaker.probe(now)
        breaker.failed(now)
    assert pauses[:3] == pytest.approx([FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4])
    assert max(pauses) == pytest.approx(LONGEST_PAUSE)
    assert breaker.opened == 1


@given(st.lists(st.sampled_from(["fail", "succeed", "probe", "later"])))
def test_it_never_stays_open_for_ever(events: list[str]) -> None:
    breaker, now = Breaker(), 0.0
    for event in events:
        if event == "fail":
            breaker.failed(now)
        elif event == "succeed":
            breaker.succeeded()
        elif event == "probe":
            breaker.probe(now)
        else:
            now += 0.3
    now += LONGEST_PAUSE
    assert breaker.state != "open" or breaker.probe(now)
    breaker.succeeded()
    assert breaker.state == "closed"
