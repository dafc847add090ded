"""Enforcement: grants, refusals, outages, and stores that answer later."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.quota.enforce import UNLIMITED, Enforced, Grant, enforce
from gateway.quota.limits_memory import MemoryLimits
from policylang.embed import Charge, Standing, plan_model

ONCE = plan_model.Quota(1, "anchored", 10_000_000, "")
STRICT = Charge("policy:free:quota", b"a", ONCE, "deny")
LAX = Charge("orders_total", b"b", ONCE, "allow")


class Down:
    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Outage:
        return OUTAGE

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        raise AssertionError("a request that is not over gives nothing back")


class Partly(Down):
    """Knows some limits, by name."""

    def __init__(self, known: dict[str, Standing]) -> None:
        self.known = known

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> list[Standing | Outage]:  # type: ignore[override]
        return [self.known.get(charge.name, OUTAGE) for charge in charges]


class Later:
    """Answers on the next turn of the loop, by way of two waits."""

    def __init__(self) -> None:
        self.inner = MemoryLimits()

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Parked[Stepped]:
        def again() -> Parked[Stepped]:
            return Parked(asyncio.sleep(0), lambda: self.inner.step(charges, now, holder))

        return Parked(asyncio.sleep(0), again)

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        self.inner.release(charges, holder)


def asked(name: str = "r1") -> Record:
    return Record(name, 0, "GET")


def test_nothing_to_charge_asks_no_store() -> None:
    assert enforce(Down(), [], 0, asked()) is UNLIMITED


def test_admitted_then_refused_with_the_wait() -> None:
    store = MemoryLimits()
    assert isinstance(enforce(store, [STRICT, LAX], 0, asked()), Grant)
    refused = enforce(store, [STRICT, LAX], 1, asked())
    assert isinstance(refused, Refusal)
    assert (refused.kind, refused.status) == ("limited", 429)
    assert ("Retry-After", "10") in refused.headers
    assert dict(refused.headers)["RateLimit"].startswith('"quota";r=0;t=10')


@pytest.mark.parametrize(("charges", "refused"), [([STRICT], True), ([LAX], False), ([LAX, STRICT], True)])
def test_an_outage_refuses_unless_every_limit_allows_it(charges: list[Charge], refused: bool) -> None:
    answer = enforce(Down(), charges, 0, asked())
    if refused:
        assert isinstance(answer, Refusal)
        assert (answer.kind, answer.status) == ("limit_outage", 503)
        assert "orders_total" not in answer.reason
    else:
        assert isinstance(answer, Grant)
        assert answer.outage


async def test_a_store_that_answers_later() -> None:
    store = Later()
    first: Enforced = await settle(enforce(store, [STRICT], 0, asked()))
    second: Enforced = await settle(enforce(store, [STRICT], 0, asked()))
    assert isinstance(first, Grant)
    assert isinstance(second, Refusal)


SLOTS = Charge("uploads", b"c", plan_model.Concurrency(1, 60_000_000), "deny")
LAX_SLOTS = SLOTS._replace(on_outage="allow")


def test_a_slot_that_is_taken_stands_in_the_record() -> None:
    store, first, second = MemoryLimits(), asked("1"), asked("2")
    assert isinstance(enforce(store, [STRICT, SLOTS], 0, first), Grant)
    assert first.held == (SLOTS,)
    refused = enforce(store, [SLOTS], 0, second)
    assert isinstance(refused, Refusal)
    assert second.held == ()
    assert ("RateLimit-Policy", '"uploads";q=1;qu="concurrent-requests"') in refused.headers
    assert ("Retry-After", "1") in refused.headers


@pytest.mark.parametrize("charge", [SLOTS, LAX_SLOTS])
def test_after_an_outage_a_slot_may_be_held(charge: Charge) -> None:
    record = asked()
    assert isinstance(enforce(Down(), [charge], 0, record), Grant if charge is LAX_SLOTS else Refusal)
    assert record.held == (charge,)


OPEN, SHUT = Standing(True, 3, 0, 0), Standing(False, 0, 5_000_000, 5_000_000)


def test_one_limit_that_cannot_be_known_refuses_alone() -> None:
    record = asked()
    answer = enforce(Partly({"orders_total": OPEN, "uploads": OPEN}), [STRICT, LAX, SLOTS], 0, record)
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.status) == ("limit_outage", 503)
    assert STRICT.name in answer.reason
    assert LAX.name not in answer.reason
    assert record.held == ()


def test_one_limit_that_cannot_be_known_and_may_go_uncounted() -> None:
    record = asked()
    answer = enforce(Partly({STRICT.name: OPEN, "uploads": OPEN}), [STRICT, LAX, SLOTS], 0, record)
    assert isinstance(answer, Grant)
    assert answer.outage
    assert b"orders_total" not in answer.fields
    assert b'"quota";r=3' in answer.fields
    assert record.held == (SLOTS,)


def test_a_slot_of_a_limit_that_is_not_known_is_not_held() -> None:
    record = asked()
    assert isinstance(enforce(Partly({STRICT.name: OPEN}), [STRICT, LAX_SLOTS], 0, record), Grant)
    assert record.held == ()


def test_what_is_known_refuses_before_what_is_not() -> None:
    record = asked()
    answer = enforce(Partly({LAX.name: SHUT, "uploads": OPEN}), [STRICT, LAX, SLOTS], 0, record)
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.status) == ("limited", 429)
    assert ("Retry-After", "5") in answer.headers
    assert record.held == ()
