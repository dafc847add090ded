"""Counters: each kind of request is where it belongs, and the kinds add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.message.record import Record
from gateway.message.refusal import KINDS
from gateway.usage.counters import UPSTREAM, count, figures, merge
from gateway.usage.port import Figures, Latency
from tests.gateway.usage.samples import NOON, request


def counted(*records: Record) -> dict[str, int]:
    counts: dict[str, int] = {}
    for record in records:
        count(counts, record)
    return counts


def test_an_admitted_request_is_few_counters() -> None:
    assert counted(request(bytes_out=300)) == {"n": 1, "b": 300, "t35": 1}


@pytest.mark.parametrize("kind", [*KINDS, "abandoned", "", "a client's own text"])
def test_each_kind_is_counted_once(kind: str) -> None:
    told = figures(counted(request(kind=kind)))
    assert told.requests == 1
    assert told.admitted + sum(told.denied.values()) + told.limited + told.abandoned == 1
    assert told.admitted == told.upstream_errors == (1 if kind in UPSTREAM else 0)
    assert set(told.denied) <= set(KINDS)
    assert told.abandoned == (1 if kind not in KINDS else 0)
    assert (told.latency is not None) == (told.admitted == 1)


def test_upstream_errors_are_answers_of_500_and_above_or_none() -> None:
    told = figures(
        counted(*(request(upstream=status) for status in (200, 404, 499, 500, 503)), request(kind="upstream_timeout"))
    )
    assert (told.admitted, told.upstream_errors) == (6, 3)


def test_what_was_let_through_uncounted() -> None:
    assert figures(counted(request(outage_allowed=True), request())).uncounted == 1


def test_a_clock_that_went_back_makes_no_negative_latency() -> None:
    assert figures(counted(request(finished=NOON - 5))).latency == Latency(0, 0, 0)


def test_no_counts_are_no_figures() -> None:
    assert figures({}) == Figures()


kinds = st.sampled_from(["allow", "denied", "no_allow", "limited", "upstream_timeout", "abandoned"])
requests = st.lists(
    st.builds(request, kind=kinds, bytes_in=st.integers(0, 5), finished=st.integers(NOON, NOON + 10**7))
)


@given(requests, requests)
def test_merging_is_counting_all(some: list[Record], others: list[Record]) -> None:
    merged = counted(*some)
    merge(merged, counted(*others))
    assert merged == counted(*some, *others)
    told = figures(merged)
    assert told.requests == len(some) + len(others)
    assert told.requests == told.admitted + sum(told.denied.values()) + told.limited + told.abandoned
