"""The histogram: bounded, in order, and never more than 12.5 % wrong."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gateway.usage.buckets import LONGEST, bucket, middle, quantiles

values = st.integers(0, LONGEST) | st.integers(0, 5_000)


@given(values)
def test_no_value_is_told_more_than_an_eighth_wrong(micros: int) -> None:
    assert 8 * abs(middle(bucket(micros)) - micros) <= micros


@given(values, values)
def test_buckets_are_in_the_order_of_values(one: int, other: int) -> None:
    if one <= other:
        assert bucket(one) <= bucket(other)


def test_every_bucket_up_to_the_longest_is_used() -> None:
    assert {bucket(middle(number)) for number in range(bucket(LONGEST) + 1)} == set(range(bucket(LONGEST) + 1))
    assert bucket(LONGEST) < 150
    assert bucket(LONGEST * 1000) == bucket(LONGEST)
    assert bucket(-7) == 0


@given(st.lists(values, min_size=1, max_size=60), st.lists(st.floats(0, 1), min_size=1, max_size=5).map(sorted))
def test_quantiles_are_those_of_the_values(micros: list[int], wanted: list[float]) -> None:
    told = quantiles(Counter(bucket(value) for value in micros), wanted)
    ordered = sorted(micros)
    for fraction, value in zip(wanted, told, strict=True):
        true = next(value for number, value in enumerate(ordered, 1) if number >= fraction * len(ordered))
        assert 8 * abs(value - true) <= true
