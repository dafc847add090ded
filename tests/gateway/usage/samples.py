"""Finished requests for tests of usage."""

from typing import Any

from gateway.message.record import PlanNames, Record
from gateway.usage.periods import HOUR

NOON = 490_000 * HOUR
NAMES = PlanNames("sha256:00ff", ("orders", "ops"), ("corp",), ("deny_a", "see"), ("free", "gold"))
ANA, BO = b"\xaa" * 16, b"\xbb" * 16


def request(**given: Any) -> Record:
    """A request of ana's that was admitted, free policy, route orders, 1 ms."""
    chosen: dict[str, Any] = {
        "request_id": "0",
        "started": NOON,
        "method": "GET",
        "plan": NAMES,
        "route": 0,
        "identity": ANA,
        "kind": "allow",
        "policies": (0,),
        "status": 200,
        "upstream": 200,
        **given,
    }
    chosen.setdefault("finished", chosen["started"] + 1_000)
    return Record(**chosen)
