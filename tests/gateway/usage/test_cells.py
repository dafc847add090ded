"""Cells: every request is in exactly one, and their number has a bound whatever comes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.message.record import PlanNames, Record
from gateway.usage import cells as module
from gateway.usage.cells import MERGED_AT_MOST, Cells
from gateway.usage.periods import HOUR
from gateway.usage.port import ANONYMOUS, OTHER_NAME, OTHERS, Cell
from tests.gateway.usage.samples import ANA, BO, NAMES, NOON, request


def taken(cells: Cells) -> dict[tuple[int, bytes, str, str], int]:
    return {(c.hour, c.identity, c.policy, c.route): c.counts["n"] for c in cells.take(10_000)}


def test_requests_are_summed_by_hour_identity_policy_and_route() -> None:
    cells = Cells(100)
    for record in (
        request(),
        request(started=NOON + HOUR - 1),
        request(started=NOON + HOUR),
        request(identity=BO, route=1),
        request(policies=(0, 1)),
        request(policies=()),
        request(identity=b"", policies=(), route=-1, plan=None, kind="malformed"),
    ):
        cells.add(record)
    assert len(cells) == 6
    assert cells.requests == 7
    assert taken(cells) == {
        (NOON, ANA, "free", "orders"): 2,
        (NOON + HOUR, ANA, "free", "orders"): 1,
        (NOON, BO, "free", "ops"): 1,
        (NOON, ANA, "free+gold", "orders"): 1,
        (NOON, ANA, "", "orders"): 1,
        (NOON, ANONYMOUS, "", ""): 1,
    }
    assert (len(cells), cells.requests, cells.take(1)) == (0, 0, ())


def test_the_oldest_hours_are_taken_first() -> None:
    cells = Cells(100)
    for started in (NOON + HOUR, NOON, NOON + 2 * HOUR):
        for identity in (ANA, BO):
            cells.add(request(started=started, identity=identity))
    hours = [cell.hour for _ in range(3) for cell in cells.take(2)]
    assert hours == [NOON, NOON, NOON + HOUR, NOON + HOUR, NOON + 2 * HOUR, NOON + 2 * HOUR]


def test_the_oldest_hour_goes_to_the_others_first_and_nobody_stays_nobody() -> None:
    cells = Cells(6)
    for started in (NOON, NOON + HOUR):
        for identity in (ANA, BO, b""):
            cells.add(request(started=started, identity=identity))
    assert cells.folded == 0
    cells.add(request(started=NOON + HOUR, identity=b"\xcc" * 16))
    assert cells.folded == 2
    cells.add(request(identity=BO))  # late, for the hour that has lost its identities
    assert cells.folded == 3
    assert taken(cells) == {
        (NOON, OTHERS, "free", "orders"): 3,
        (NOON, ANONYMOUS, "free", "orders"): 1,
        **{(NOON + HOUR, identity, "free", "orders"): 1 for identity in (ANA, BO, b"\xcc" * 16, ANONYMOUS)},
    }


def test_in_one_hour_those_who_came_first_keep_their_cells() -> None:
    cells = Cells(2)
    for identity in (ANA, BO, b"\xcc" * 16, b"\xdd" * 16, ANA):
        cells.add(request(identity=identity))
    assert taken(cells) == {
        (NOON, ANA, "free", "orders"): 2,
        (NOON, BO, "free", "orders"): 1,
        (NOON, OTHERS, "free", "orders"): 2,
    }
    assert cells.folded == 2


def test_when_even_places_are_too_many_they_become_one() -> None:
    cells = Cells(2)
    names = PlanNames("x", tuple(f"r{number}" for number in range(10)), (), (), ())
    for number in range(10):
        cells.add(request(plan=names, route=number, policies=()))
    assert len(cells) == 5
    assert taken(cells)[NOON, OTHERS, OTHER_NAME, OTHER_NAME] == 6


def test_merged_policies_have_a_bound() -> None:
    count = MERGED_AT_MOST + 10
    names = PlanNames("x", ("orders",), (), (), tuple(f"p{number}" for number in range(count + 1)))
    cells = Cells(10_000)
    for number in range(count):
        cells.add(request(plan=names, policies=(number, number + 1)))
    cells.add(request(plan=names, policies=(0, 1)))
    found = taken(cells)
    assert len(found) == MERGED_AT_MOST + 1
    assert found[NOON, ANA, OTHER_NAME, "orders"] == 10
    assert found[NOON, ANA, "p0+p1", "orders"] == 2


records = st.builds(
    request,
    started=st.integers(0, 40).map(lambda hour: NOON + hour * HOUR),
    identity=st.one_of(st.just(b""), st.integers(0, 60).map(lambda n: bytes([n]) * 16)),
    policies=st.sampled_from([(), (0,), (1,), (0, 1)]),
    route=st.integers(-1, 1),
    bytes_out=st.integers(0, 9),
)


@given(st.lists(records, max_size=150), st.integers(1, 12), st.integers(0, 150), st.integers(1, 300))
def test_nothing_is_lost_and_the_bound_holds(given_records: list[Record], most: int, pause: int, at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "FOLDED_AT_ONCE", at_once)
        check_nothing_is_lost_and_the_bound_holds(given_records, most, pause)


def check_nothing_is_lost_and_the_bound_holds(given_records: list[Record], most: int, pause: int) -> None:
    cells = Cells(most)
    found: list[Cell] = []
    hours: set[int] = set()
    for number, record in enumerate(given_records):
        if number == pause:
            found += cells.take(3)
        cells.add(record)
        hours.add(record.started)
        assert len(cells) <= 2 * most + 2 * len(hours)
    assert cells.requests == len(given_records) - sum(cell.counts["n"] for cell in found)
    while some := cells.take(5):
        found += some
    assert len(cells) == 0
    wanted, got = Counter[int](), Counter[int]()
    for record in given_records:
        wanted[record.started] += 1
    for cell in found:
        got[cell.hour] += cell.counts["n"]
    assert got == wanted
    assert sum(cell.counts.get("b", 0) for cell in found) == sum(record.bytes_out for record in given_records)
    anonymous = sum(cell.counts["n"] for cell in found if cell.identity == ANONYMOUS)
    assert anonymous == sum(1 for record in given_records if not record.identity)
    others = sum(cell.counts["n"] for cell in found if cell.identity == OTHERS)
    assert others == cells.folded


def test_names_are_of_the_plan_that_the_request_ran_on() -> None:
    cells = Cells(10)
    cells.add(request())
    cells.add(request(plan=PlanNames("y", ("other",), (), (), ("fair",))))
    assert {(c.policy, c.route) for c in cells.take(10)} == {("free", "orders"), ("fair", "other")}
    assert NAMES.routes[0] == "orders"


def test_folding_is_done_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FOLDED_AT_ONCE", 3)
    cells = Cells(10)
    for number in range(10):
        cells.add(request(identity=bytes([number + 1]) * 16))
    for number in range(10):
        before = cells.folded
        cells.add(request(started=NOON + HOUR, identity=bytes([number + 1]) * 16))
        assert cells.folded - before <= 3
    assert {key: n for key, n in taken(cells).items() if key[0] > NOON} == {
        (NOON + HOUR, bytes([number + 1]) * 16, "free", "orders"): 1 for number in range(9)
    } | {(NOON + HOUR, OTHERS, "free", "orders"): 1}
