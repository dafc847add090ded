"""Answers: bounded in rows, with everything in the sum."""

import pytest

from gateway.usage import folding as foldings
from gateway.usage.folding import Folding
from gateway.usage.periods import HOUR
from gateway.usage.port import OTHER_NAME, Query


def test_rows_are_by_period_and_groups_by_requests() -> None:
    folding = Folding(Query(0, 3 * HOUR, group="route"))
    folding.add(2 * HOUR, "free", "ops", {"n": 1})
    folding.add(0, "free", "orders", {"n": 2})
    folding.add(0, "gold", "orders", {"n": 3, "k.limited": 1})
    folding.add(2 * HOUR, "gold", "orders", {"n": 1})
    usage = folding.usage()
    assert [(row.start, row.name, row.figures.requests) for row in usage.rows] == [
        (0, "orders", 5),
        (2 * HOUR, "ops", 1),
        (2 * HOUR, "orders", 1),
    ]
    assert [(row.name, row.figures.requests, row.figures.limited) for row in usage.groups] == [
        ("orders", 6, 1),
        ("ops", 1, 0),
    ]
    assert usage.total.requests == 7


def test_groups_that_are_too_many_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foldings, "ROWS_AT_MOST", 6)
    folding = Folding(Query(0, 2 * HOUR, group="route"))
    for number in range(10):
        folding.add(HOUR * (number % 2), "", f"r{number}", {"n": number})
    usage = folding.usage()
    assert [(row.name, row.figures.requests) for row in usage.groups] == [
        (OTHER_NAME, 21),
        ("r9", 9),
        ("r8", 8),
        ("r7", 7),
    ]
    assert usage.total.requests == 45
    assert len(usage.rows) == 5


def test_without_a_group_there_is_one_row_a_period() -> None:
    folding = Folding(Query(0, HOUR))
    for route in ("a", "b"):
        folding.add(0, "", route, {"n": 1, "t9": 1})
    usage = folding.usage()
    assert [(row.name, row.figures.requests) for row in usage.rows] == [("", 2)]
    assert usage.groups == ()


def test_nothing_is_an_answer_without_rows() -> None:
    usage = Folding(Query(0, HOUR, group="policy")).usage()
    assert (usage.rows, usage.groups, usage.total.requests) == ((), (), 0)
