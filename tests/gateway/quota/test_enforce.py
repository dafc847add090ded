"""Enforcement: grants, refusals, outages, and stores that answer later."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Outage
from gateway.message.refusal import Refusal
from gateway.quota.enforce import UNLIMITED, Enforced, Grant, enforce
from gateway.quota.limits_memory import MemoryLimits
from policylang.embed import Charge, Standing, plan_model

ONCE = plan_model.Quota(1, "anchored", 10_000_000, "")
STRICT = Charge("policy:free:quota", b"a", ONCE, "deny")
LAX = Charge("orders_total", b"b", ONCE, "allow")


class Down:
    def step(self, charges: Sequence[Charge], now: int) -> Outage:
        return OUTAGE


class Later:
    """Answers on the next turn of the loop, by way of two waits."""

    def __init__(self) -> None:
        self.inner = MemoryLimits()

    def step(self, charges: Sequence[Charge], now: int) -> Parked[list[Standing] | Outage]:
        def again() -> Parked[list[Standing] | Outage]:
            return Parked(asyncio.sleep(0), lambda: self.inner.step(charges, now))

        return Parked(asyncio.sleep(0), again)


def test_nothing_to_charge_asks_no_store() -> None:
    assert enforce(Down(), [], 0) is UNLIMITED


def test_admitted_then_refused_with_the_wait() -> None:
    store = MemoryLimits()
    assert isinstance(enforce(store, [STRICT, LAX], 0), Grant)
    refused = enforce(store, [STRICT, LAX], 1)
    assert isinstance(refused, Refusal)
    assert (refused.kind, refused.status) == ("limited", 429)
    assert ("Retry-After", "10") in refused.headers
    assert dict(refused.headers)["RateLimit"].startswith('"quota";r=0;t=10')


@pytest.mark.parametrize(("charges", "refused"), [([STRICT], True), ([LAX], False), ([LAX, STRICT], True)])
def test_an_outage_refuses_unless_every_limit_allows_it(charges: list[Charge], refused: bool) -> None:
    answer = enforce(Down(), charges, 0)
    if refused:
        assert isinstance(answer, Refusal)
        assert (answer.kind, answer.status) == ("limit_outage", 503)
        assert "orders_total" not in answer.reason
    else:
        assert isinstance(answer, Grant)
        assert answer.outage


async def test_a_store_that_answers_later() -> None:
    store = Later()
    first: Enforced = await settle(enforce(store, [STRICT], 0))
    second: Enforced = await settle(enforce(store, [STRICT], 0))
    assert isinstance(first, Grant)
    assert isinstance(second, Refusal)
