"""Usage as JSON: members, units, and names for identities."""

import json

import pytest

from gateway.usage.folding import Folding
from gateway.usage.json_answer import identity_of, identity_text, to_json
from gateway.usage.periods import HOUR
from gateway.usage.port import ANONYMOUS, OTHERS, Query
from tests.gateway.usage.samples import ANA, NOON

COUNTS = {"n": 9, "k.no_allow": 2, "k.limited": 3, "k.abandoned": 1, "u": 1, "o": 1, "i": 5, "b": 70, "t35": 3}
FIGURES = {
    "requests": 9,
    "admitted": 3,
    "denied": {"no_allow": 2},
    "limited": 3,
    "abandoned": 1,
    "upstream_errors": 1,
    "uncounted": 1,
    "bytes_in": 5,
    "bytes_out": 70,
    "latency_us": {"p50": 959, "p90": 959, "p99": 959},
}


def test_rows_groups_and_total() -> None:
    folding = Folding(Query(NOON, NOON + HOUR, identity=ANA, group="route"))
    folding.add(NOON, "free", "orders", COUNTS)
    answer = to_json(folding.usage())
    assert json.loads(json.dumps(answer)) == {
        "from": "2025-11-24T16:00:00Z",
        "to": "2025-11-24T17:00:00Z",
        "by": "hour",
        "group": "route",
        "identity": "aa" * 16,
        "rows": [{"start": "2025-11-24T16:00:00Z", "route": "orders", **FIGURES}],
        "groups": [{"route": "orders", **FIGURES}],
        "total": FIGURES,
    }


def test_the_top_are_identities() -> None:
    folding = Folding(Query(NOON + 1, NOON + HOUR, by="day", top=3))
    folding.add_identity(ANA, COUNTS)
    answer = to_json(folding.usage())
    assert (answer["top"], answer["rows"], answer["groups"]) == (3, [], [{"identity": "aa" * 16, **FIGURES}])
    assert (answer["from"], answer["to"]) == ("2025-11-24T00:00:00Z", "2025-11-25T00:00:00Z")


def test_nothing() -> None:
    answer = to_json(Folding(Query(NOON, NOON + HOUR)).usage())
    assert (answer["rows"], answer["groups"]) == ([], [])
    assert answer["total"]["latency_us"] is None
    assert "identity" not in answer


@pytest.mark.parametrize("identity", [ANONYMOUS, OTHERS, ANA])
def test_identities_are_read_as_they_are_shown(identity: bytes) -> None:
    assert identity_of(identity_text(identity)) == identity


@pytest.mark.parametrize("text", ["", "aa", "AA" * 16, "zz" * 16, "0x" + "a" * 30, "aa " * 10 + "aa"])
def test_what_is_no_identity(text: str) -> None:
    with pytest.raises(ValueError, match="32 lower-case hexadecimal digits"):
        identity_of(text)
