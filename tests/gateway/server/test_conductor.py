"""Records: begun and finished once, with the reasons of refusals, parked or not."""

from typing import Any

from gateway.message.forward import Forward
from gateway.message.parked import Parked, settle
from gateway.message.refusal import Refusal
from gateway.server.conductor import Conductor
from gateway.server.decision_log import DecisionLog
from gateway.server.stats import Stats
from gateway.usage.meter import Meter
from gateway.usage.port import Query
from gateway.usage.usage_memory import MemoryUsage
from tests.strategies.key_sources import HandClock
from tests.strategies.spine import UPSTREAM, Gate, LateGate, caller, inbound, load, parts
from tests.strategies.tokens import NOW

PLAN = load(
    f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\n'
    'allow x on a always\ndeny y on a when claims.tenant == "evil"\n'
)


def conductor(gate: Any, log: DecisionLog | None = None) -> tuple[Conductor, HandClock, Stats]:
    clock, stats = HandClock(NOW), Stats()
    return Conductor(parts(PLAN, gate), clock, stats, log), clock, stats


def test_request_ids_are_unique_and_fit_for_a_header() -> None:
    first, second = (conductor(Gate(caller(PLAN)))[0] for _ in range(2))
    ids = [made.begin("GET").request_id for made in (first, second) for _ in range(1000)]
    assert len(set(ids)) == 2000
    assert all(len(one) == 24 and int(one, 16) >= 0 for one in ids)


def test_a_record_from_begin_to_end() -> None:
    log = DecisionLog(-1)
    made, clock, stats = conductor(Gate(caller(PLAN)), log)
    record = made.begin("GET")
    assert (record.started, record.method, stats.in_flight) == (NOW, "GET", 1)
    assert isinstance(made.start(inbound("GET", "/a"), record), Forward)
    clock.now += 7
    record.status = 200
    made.finished(record)
    assert (record.finished, stats.in_flight, log.pending) == (NOW + 7, 0, 1)
    assert stats.decisions == {("a", "allow", 200): 1}


def test_a_request_that_was_never_read_is_counted_too() -> None:
    made, _, stats = conductor(Gate(caller(PLAN)))
    made.finished(made.begin("UNKNOWN"))
    assert stats.decisions == {("", "", 0): 1}
    assert stats.in_flight == 0


async def test_a_refusals_reasons_are_in_the_record_parked_or_not() -> None:
    refused = Refusal("credential_refused", "expired")
    for gate in (Gate(refused), LateGate(refused)):
        made, _, _ = conductor(gate)
        record = made.begin("GET")
        answer = made.start(inbound("GET", "/a"), record)
        assert isinstance(answer, Parked) == isinstance(gate, LateGate)
        assert await settle(answer) is refused
        assert (record.kind, record.reason, record.rule) == ("credential_refused", "expired", -1)


def test_the_deciding_rule_is_in_the_record() -> None:
    made, _, _ = conductor(Gate(caller(PLAN, tenant="evil")))
    record = made.begin("GET")
    made.start(inbound("GET", "/a"), record)
    assert (record.kind, PLAN.names.rules[record.rule]) == ("denied", "y")


async def test_a_finished_request_goes_to_the_meter_as_well() -> None:
    store = MemoryUsage(HandClock(NOW))
    meter = Meter(store)
    made = Conductor(parts(PLAN, Gate(caller(PLAN))), HandClock(NOW), Stats(), None, meter)
    record = made.begin("GET")
    made.start(inbound("GET", "/a"), record)
    made.finished(record)
    assert await meter.finish(5) == 0
    usage = await store.read(Query(NOW, NOW + 1, group="route"))
    assert [(row.name, row.figures.admitted) for row in usage.groups] == [("a", 1)]


SLOTS = load(
    f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a always\n'
    "limit single on a by identity { concurrent 1 held at most 1h  on outage deny }\n"
)


def test_a_slot_is_held_from_the_answer_to_the_end_of_the_request() -> None:
    made = Conductor(parts(SLOTS, Gate(caller(SLOTS))), HandClock(NOW), Stats(), None)
    first, second, third = (made.begin("GET") for _ in range(3))
    assert isinstance(made.start(inbound("GET", "/a"), first), Forward)
    refused = made.start(inbound("GET", "/a"), second)
    assert isinstance(refused, Refusal)
    assert refused.kind == "limited"
    made.finished(second)
    assert isinstance(made.start(inbound("GET", "/a"), third), Refusal)
    made.finished(first)
    assert isinstance(made.start(inbound("GET", "/a"), made.begin("GET")), Forward)
