from hypothesis import given
from hypothesis import strategies as st

from policylang.check import model as checked
from policylang.plan.model import Concurrency, Policy, Quota, Rate
from policylang.reference.policies import fastest, roomiest, widest
from policylang.runtime.keys import identity_part, limit_part
from policylang.runtime.policies import MERGES_KEPT, Policies, merge, policy_charges
from policylang.runtime.verdict import Charge
from policylang.source.spans import NOWHERE

rates = st.builds(Rate, st.integers(1, 4), st.sampled_from([1, 2, 3]), st.integers(1, 3))
quotas = st.builds(Quota, st.none() | st.integers(0, 3), st.just("day"), st.just(0), st.just("UTC"))
tables = st.lists(st.tuples(st.none() | rates, st.none() | quotas), min_size=1, max_size=5)


def table(*given: tuple[Rate | None, Quota | None]) -> tuple[Policy, ...]:
    return tuple(Policy(f"p{i}", rate, quota, (f"g{i}", "all"), 0) for i, (rate, quota) in enumerate(given))


def test_the_fastest_rate_with_its_burst_and_the_largest_quota() -> None:
    slow, fast, same = Rate(1, 2, 9), Rate(2, 3, 1), Rate(4, 6, 5)
    small, large = Quota(5, "day", 0, "UTC"), Quota(6, "day", 0, "UTC")
    policies = table((slow, large), (fast, small), (same, None), (None, None))
    merged = merge(policies, [3, 1, 0, 2])
    assert merged.policies == (0, 1, 2, 3)
    assert [(due.name, due.amount) for due in merged.dues] == [("policy:p2:rate", same), ("policy:p0:quota", large)]
    assert merged.grants == {"g0", "g1", "g2", "g3", "all"}
    assert merge(policies, [3]).dues == ()


def test_unlimited_beats_all_and_is_not_charged() -> None:
    policies = table((None, Quota(10**9, "day", 0, "UTC")), (None, Quota(None, None, 0, "UTC")))
    assert merge(policies, [0, 1]).dues == ()


slots = st.none() | st.builds(Concurrency, st.integers(1, 3), st.integers(1, 3))


def held(*given: Concurrency | None) -> tuple[Policy, ...]:
    return tuple(Policy(f"p{i}", None, None, (), 0, concurrency) for i, concurrency in enumerate(given))


def test_the_largest_concurrency_then_the_shorter_hold_then_the_first_by_name() -> None:
    policies = held(Concurrency(2, 5), None, Concurrency(3, 9), Concurrency(3, 7), Concurrency(3, 7))
    (due,) = merge(policies, range(5)).dues
    assert (due.name, due.amount) == ("policy:p3:concurrency", Concurrency(3, 7))
    assert due.prefix == limit_part("policy:p3:concurrency")
    assert merge(policies, [1]).dues == ()


def test_a_policy_is_charged_for_its_rate_then_its_quota_then_its_concurrency() -> None:
    whole = Policy("p", Rate(1, 1, 1), Quota(1, "day", 0, "UTC"), (), 0, Concurrency(1, 1))
    assert [due.name.split(":")[2] for due in merge((whole,), [0]).dues] == ["rate", "quota", "concurrency"]


@given(st.lists(slots, min_size=1, max_size=5))
def test_the_oracle_takes_the_same_concurrency(given_: list[Concurrency | None]) -> None:
    plain = tuple(
        checked.Policy(
            f"p{i}", None, None, frozenset(), NOWHERE,
            None if one is None else checked.Concurrency(one.count, one.hold_micros),
        )
        for i, one in enumerate(given_)
    )  # fmt: skip
    wide = widest(plain)
    dues = merge(held(*given_), range(len(given_))).dues
    assert [due.name for due in dues] == ([] if wide is None else [f"policy:{wide.name}:concurrency"])


@given(tables)
def test_the_oracle_merges_alike(given_: list[tuple[Rate | None, Quota | None]]) -> None:
    policies = table(*given_)
    plain = tuple(
        checked.Policy(
            policy.name,
            checked.Rate(policy.rate.count, policy.rate.per_micros, policy.rate.burst) if policy.rate else None,
            checked.Quota(policy.quota.count, "day", None) if policy.quota else None,
            frozenset(),
            NOWHERE,
        )
        for policy in policies
    )
    fast, large = fastest(plain), roomiest(plain)
    expected = [] if fast is None else [f"policy:{fast.name}:rate"]
    if large is not None and large.quota is not None and large.quota.count is not None:
        expected.append(f"policy:{large.name}:quota")
    assert [due.name for due in merge(policies, range(len(policies))).dues] == expected


def test_masks() -> None:
    policies = Policies(table((Rate(1, 1, 1), None), (None, None), (None, None)))
    assert policies[0b101].policies == (0, 2)
    assert policies[0b101] is policies[0b101]
    assert policies.named("p2") == 0b100
    assert policies.named(frozenset({"p0", "p1"})) == 0b011
    assert policies.named(frozenset()) == 0
    assert policies.named("nobody") == policies.named(frozenset({"p0", "nobody"})) == -1


def test_merges_that_are_kept_are_bounded() -> None:
    policies = Policies(table(*[(None, None)] * 12))
    for mask in range(1, 1 << 12):
        assert len(policies[mask].policies) == mask.bit_count()
    assert len(policies) <= MERGES_KEPT


def test_charges_of_a_policy_deny_on_outage() -> None:
    rate = Rate(1, 1, 1)
    charges = policy_charges(merge(table((rate, None)), [0]), identity_part(b"me"))
    name = "policy:p0:rate"
    assert charges == (Charge(name, limit_part(name) + identity_part(b"me"), rate, "deny"),)
