"""Batches: each is new once."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.usage import taken as takens
from gateway.usage.port import WINDOW
from gateway.usage.taken import GATEWAYS_AT_MOST, Taken


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, WINDOW))))
def test_within_the_window_each_is_new_once_in_any_order(handed: list[tuple[str, int]]) -> None:
    taken = Taken()
    new = [one for one in handed if taken.take(*one)]
    assert sorted(new) == sorted(set(handed))


def test_behind_the_window_nothing_is_new() -> None:
    taken = Taken()
    assert taken.take("a", 1000)
    assert not taken.take("a", 1000 - WINDOW)
    assert taken.take("a", 1001 - WINDOW)
    assert taken.take("b", 1)


def test_memory_is_bounded() -> None:
    taken = Taken()
    for sequence in range(1, 5 * WINDOW):
        taken.take("a", sequence)
    assert len(taken._seen["a"]) == WINDOW
    for number in range(2 * GATEWAYS_AT_MOST):
        taken.take(f"g{number}", 1)
    assert len(taken._seen) == takens.GATEWAYS_AT_MOST
