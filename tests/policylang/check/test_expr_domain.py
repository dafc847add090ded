"""Domains: empty only when no value is left."""

from hypothesis import given
from hypothesis import strategies as st

from policylang.check.expr_domain import Domain, Test
from policylang.check.expr_patterns import holds

NUMBERS = range(-3, 8)
WORDS = ("", "a", "ab", "abc", "b", "ba", "bab")

bounds = st.one_of(st.none(), st.integers(-3, 7))
numeric = st.builds(
    Domain,
    allowed=st.one_of(st.none(), st.frozensets(st.sampled_from(NUMBERS))),
    excluded=st.frozensets(st.sampled_from(NUMBERS)),
    low=bounds,
    high=bounds,
)
tests = st.frozensets(
    st.tuples(st.sampled_from(("starts", "ends", "matches")), st.sampled_from(WORDS[1:]), st.booleans())
)
textual = st.builds(
    Domain,
    allowed=st.one_of(st.none(), st.frozensets(st.sampled_from(WORDS))),
    excluded=st.frozensets(st.sampled_from(WORDS)),
    tests=tests,
)


def number_in(domain: Domain, value: int) -> bool:
    return (
        (domain.allowed is None or value in domain.allowed)
        and value not in domain.excluded
        and (domain.low is None or value >= domain.low)
        and (domain.high is None or value <= domain.high)
    )


def text_in(domain: Domain, value: str) -> bool:
    return (
        (domain.allowed is None or value in domain.allowed)
        and value not in domain.excluded
        and all(holds(op, value, pattern) is passes for op, pattern, passes in domain.tests)
    )


@given(numeric, numeric)
def test_no_number_is_lost(one: Domain, other: Domain) -> None:
    met = one.meet(other)
    left = [value for value in NUMBERS if number_in(one, value) and number_in(other, value)]
    if met is None:
        assert not left
    else:
        assert [value for value in NUMBERS if number_in(met, value)] == left


@given(textual, textual)
def test_no_text_is_lost(one: Domain, other: Domain) -> None:
    met = one.meet(other)
    left = [value for value in WORDS if text_in(one, value) and text_in(other, value)]
    if met is None:
        assert not left
    else:
        assert [value for value in WORDS if text_in(met, value)] == left


def test_closed_ranges_are_emptied_by_exclusions() -> None:
    assert Domain(low=1, high=3).meet(Domain(excluded=frozenset({1, 2, 3}))) is None
    assert Domain(low=1, high=3).meet(Domain(excluded=frozenset({1, 2}))) is not None
    assert Domain(low=1, high=2**62).meet(Domain(excluded=frozenset({1}))) is not None
    assert Domain(low=4).meet(Domain(high=3)) is None


def test_truth_values_are_no_numbers() -> None:
    assert Domain(allowed=frozenset({True})).meet(Domain(low=5)) is not None
    assert Domain(allowed=frozenset({True})).meet(Domain(allowed=frozenset({False}))) is None


def test_tests_of_texts_exclude_each_other() -> None:
    def both(one: Test, other: Test) -> bool:
        met = Domain(tests=frozenset({one})).meet(Domain(tests=frozenset({other})))
        assert (met is None) is (Domain(tests=frozenset({other})).meet(Domain(tests=frozenset({one}))) is None)
        return met is None

    assert both(("starts", "a", True), ("starts", "b", True))
    assert not both(("starts", "a", True), ("starts", "ab", True))
    assert both(("starts", "ab", True), ("starts", "a", False))
    assert not both(("starts", "a", True), ("starts", "ab", False))
    assert not both(("starts", "a", False), ("starts", "b", False))
    assert both(("ends", "a", True), ("ends", "b", True))
    assert both(("matches", "a*", True), ("matches", "a*", False))
    assert not both(("matches", "a*", True), ("matches", "*b", False))
    assert not both(("starts", "a", True), ("ends", "b", True))


def test_networks() -> None:
    ten, part, other, six = (frozenset({net}) for net in ("10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8", "fd00::/8"))

    def within(*lists: frozenset[str]) -> Domain:
        return Domain(within=frozenset(lists))

    def outside(*lists: frozenset[str]) -> Domain:
        return Domain(outside=frozenset(lists))

    assert within(ten).meet(within(other)) is None
    assert within(ten).meet(within(six)) is None
    assert within(ten).meet(within(part)) is not None
    assert within(ten | other).meet(within(other | six)) is not None
    assert within(part).meet(outside(ten)) is None
    assert outside(ten).meet(within(part)) is None
    assert within(ten).meet(outside(part)) is not None
    assert within(part | six).meet(outside(ten)) is not None
    assert outside(ten).meet(outside(other)) is not None


def test_many_tests_of_one_text_meet_quickly() -> None:
    domain = Domain()
    for number in range(1500):
        met = domain.meet(Domain(tests=frozenset({("starts", f"u{number}-", False)})))
        assert met is not None
        domain = met
    assert len(domain.tests) == 1500
