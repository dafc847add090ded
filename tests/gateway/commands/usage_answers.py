"""Answers of the admin API for tests of what shows them, made as the gateway makes them."""

from typing import Any

from gateway.usage.folding import Folding
from gateway.usage.json_answer import to_json
from gateway.usage.periods import DAY, HOUR
from gateway.usage.port import Query

START = 490_008 * HOUR
"""2025-11-25T00:00:00Z."""
COUNTS = {
    "n": 100,
    "k.limited": 10,
    "k.no_allow": 4,
    "k.denied": 1,
    "u": 2,
    "b": 123_456,
    "i": 999,
    "t43": 80,
    "t60": 5,
}


def by_hour() -> dict[str, Any]:
    """Four hours, the second of them without requests."""
    folding = Folding(Query(START, START + 4 * HOUR))
    for hour, requests in ((0, 100), (2, 400), (3, 1)):
        folding.add(
            START + hour * HOUR, "free", "orders", {**COUNTS, "n": requests} if requests > 1 else {"n": 1, "t3": 1}
        )
    return to_json(folding.usage())


def by_route(routes: int = 3) -> dict[str, Any]:
    """Days of routes, each busier than the next, and requests that found no route."""
    folding = Folding(Query(START, START + 3 * DAY, by="day", group="route"))
    for number in range(routes):
        for day in range(3):
            folding.add(START + day * DAY, "free", f"route{number}", {**COUNTS, "n": 100 * (routes - number) + day})
    folding.add(START, "", "", {"n": 7, "k.no_route": 7})
    return to_json(folding.usage())


def by_identity() -> dict[str, Any]:
    """The top two."""
    folding = Folding(Query(START, START + DAY, by="day", top=2))
    folding.add_identity(b"\xaa" * 16, {**COUNTS, "n": 1_234_567})
    folding.add_identity(b"\xbb" * 16, COUNTS)
    return to_json(folding.usage())


def nothing() -> dict[str, Any]:
    """No requests at all."""
    return to_json(Folding(Query(START, START + 4 * HOUR)).usage())
