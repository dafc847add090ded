"""Hours and days of UTC."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.usage.periods import DAY, HOUR, LENGTH, By, Keeping, floor, periods

times = st.integers(0, 4_000_000_000_000_000)
spans = st.sampled_from(list(LENGTH))


@given(spans, times, st.integers(1, 40 * DAY))
def test_periods_cover_what_is_asked_and_no_more(by: By, start: int, length: int) -> None:
    found = periods(by, start, start + length)
    assert found[0] <= start < found[0] + LENGTH[by]
    assert found[-1] < start + length <= found[-1] + LENGTH[by]
    assert all(period % LENGTH[by] == 0 for period in found)


def test_an_end_on_the_hour_does_not_begin_another() -> None:
    assert list(periods("hour", HOUR, 3 * HOUR)) == [HOUR, 2 * HOUR]
    assert list(periods("day", DAY - 1, DAY + 1)) == [0, DAY]


@given(spans, times, st.integers(0, 30).map(lambda hours: hours * HOUR))
def test_what_is_kept_is_not_forgotten(by: By, now: int, kept: int) -> None:
    keeping = Keeping(kept, kept)
    oldest = keeping.oldest(by, now)
    assert keeping.until(by, oldest) > now
    assert keeping.until(by, oldest - LENGTH[by]) <= now
    assert oldest == floor(by, oldest)
