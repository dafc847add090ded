"""Charges: limits of every kind whose numbers are small, so that they refuse often and windows end often."""

from hypothesis import strategies as st

from policylang.embed import Charge, plan_model

SECOND = 1_000_000

rates = st.builds(
    plan_model.Rate,
    count=st.integers(1, 7),
    per_micros=st.sampled_from([SECOND, 10 * SECOND, 999_983]),
    burst=st.integers(1, 9),
)
quotas = st.builds(
    plan_model.Quota,
    count=st.sampled_from([1, 2, 3, 7, 250]),
    window=st.just("anchored"),
    micros=st.sampled_from([500_000, 5 * SECOND, 100 * SECOND]),
    zone=st.just(""),
) | st.builds(
    plan_model.Quota,
    count=st.sampled_from([1, 5, 400]),
    window=st.sampled_from(["day", "month"]),
    micros=st.just(0),
    zone=st.sampled_from(["UTC", "Europe/Berlin"]),
)
concurrencies = st.builds(
    plan_model.Concurrency, count=st.integers(1, 3), hold_micros=st.sampled_from([1, 5 * SECOND, 1_000 * SECOND])
)
amounts = rates | quotas | concurrencies
gaps = st.sampled_from([0, 0, 1, 250_000, SECOND, 3 * SECOND, 100 * SECOND, 86_400 * SECOND])
"""Microseconds between two steps."""


def charge(key: str, amount: plan_model.Amount) -> Charge:
    """A charge of a counter of its own, which refuses in an outage."""
    return Charge(key, key.encode(), amount, "deny")


@st.composite
def charges(draw: st.DrawFn, kinds: st.SearchStrategy[plan_model.Amount] = amounts) -> list[Charge]:
    """One to four limits, each with one counter."""
    amounts = draw(st.lists(kinds, min_size=1, max_size=4))
    return [charge(f"limit{i}", amount) for i, amount in enumerate(amounts)]
