"""Facts from records: merged with a key's, decoded once a version, as old as the plan lets them be."""

import asyncio
import json
from typing import Any

import pytest

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Outage
from gateway.policy.metadata_records import Found, RecordMetadata, RecordView
from gateway.records.cache import RecordCache
from gateway.records.feed import Feed
from gateway.records.port import Kind, Stored
from tests.gateway.records.benches import NOW, SECOND, HandClock
from tests.gateway.records.held_store import HeldStore
from tests.strategies.tokens import claim

ROLES = claim("roles", ("set", ("slug",)), default=((),))
RANK = claim("rank", ("int", 0, 9), optional=True)
NEEDED = claim("needed", ("bool",))
A, B = b"a" * 16, b"b" * 16
KEY = ("partners", "0123456789abcdef")


class Records:
    """Records that a test sets; ``late`` ones are parked first. ``looked``: what was asked, with its bound."""

    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self.late: set[str] = set()
        self.looked: list[tuple[str, int]] = []
        self.last = 0

    def put(self, name: str, content: dict[str, Any] | bytes) -> int:
        self.last += 1
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.found[name] = Stored(name, self.last, data, 0)
        return self.last

    def version(self, kind: Kind, name: str, now: int) -> int:
        found = self.found.get(name)
        if name in self.late or isinstance(found, Outage):
            return -1
        return 0 if found is None else found.version

    def look(self, kind: Kind, name: str, now: int, stale: int = 0) -> Found | Parked[Found]:
        assert kind == "metadata"
        self.looked.append((name, stale))
        found = self.found.get(name)
        if name not in self.late:
            return found
        return Parked(asyncio.sleep(0), lambda: found)


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def view(records: Records) -> RecordView:
    return RecordMetadata(records).view((RANK, ROLES), 30 * SECOND)


def test_an_identity_without_a_record_has_the_defaults_as_version_0(view: RecordView, records: Records) -> None:
    assert view.fields(A, NOW) == (0, (None, frozenset()))
    assert view.fields(A, NOW, KEY) == (0, (None, frozenset()))
    assert records.looked == [
        (A.hex(), 30 * SECOND),
        (A.hex(), 30 * SECOND),
        ("key:partners:0123456789abcdef", 30 * SECOND),
    ]


def test_without_a_default_no_record_is_an_outage(records: Records) -> None:
    assert RecordMetadata(records).view((NEEDED,), 0).fields(A, NOW) is OUTAGE


def test_the_keys_members_stand_in_the_place_of_the_identitys(view: RecordView, records: Records) -> None:
    records.put(A.hex(), {"roles": ["x"], "rank": 1})
    assert view.fields(A, NOW)[1] == (1, frozenset({"x"}))  # type: ignore[index]
    name = f"key:{KEY[0]}:{KEY[1]}"
    records.put(name, {"roles": []})
    assert view.fields(A, NOW, KEY)[1] == (1, frozenset())  # type: ignore[index]
    assert view.fields(A, NOW)[1] == (1, frozenset({"x"}))  # type: ignore[index]
    records.put(name, {"rank": 9})
    assert view.fields(A, NOW, KEY)[1] == (9, frozenset({"x"}))  # type: ignore[index]
    assert view.fields(B, NOW, KEY)[1] == (9, frozenset())  # type: ignore[index]
    assert view.fields(A, NOW, ("partners", "other"))[1] == (1, frozenset({"x"}))  # type: ignore[index]


def test_a_member_of_the_key_that_does_not_decode_is_not_covered_by_the_identitys(
    view: RecordView, records: Records
) -> None:
    records.put(A.hex(), {"rank": 1})
    records.put("key:partners:0123456789abcdef", {"rank": "1"})
    assert view.fields(A, NOW, KEY) is OUTAGE
    assert view.fields(A, NOW) != OUTAGE


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'{"rank": 1, "rank": 2}', b'{"rank": "1"}', b'{"rank": 10}', b"\xff", b'{"a":' * 40]
)  # fmt: skip
def test_a_record_that_does_not_decode_is_an_outage_for_its_identity_alone(
    view: RecordView, records: Records, content: bytes
) -> None:
    records.put(A.hex(), content)
    records.put(B.hex(), {"rank": 1})
    assert view.fields(A, NOW) is OUTAGE
    assert view.fields(A, NOW) is OUTAGE
    assert view.fields(B, NOW)[1] == (1, frozenset())  # type: ignore[index]
    assert view._metadata.misfits == 1


def test_a_version_never_returns_with_other_fields(records: Records) -> None:
    metadata = RecordMetadata(records)
    seen: dict[tuple[Any, int], Any] = {}
    name = f"key:{KEY[0]}:{KEY[1]}"
    steps: list[tuple[str, dict[str, Any] | None]] = [
        (A.hex(), {"rank": 1}), (name, {"rank": 2}), (A.hex(), {"rank": 3}), (name, None), (A.hex(), None), (name, {"rank": 1}),
        (A.hex(), {"rank": 1}),
    ]  # fmt: skip
    for where, content in steps:
        if content is None:
            del records.found[where]
        else:
            records.put(where, content)
        # A plan that comes back unchanged has another view, and its callers' facts are kept.
        for view in (metadata.view((RANK,), 0), metadata.view((RANK,), 0)):
            for key in (None, KEY):
                version, fields = view.fields(A, NOW, key)  # type: ignore[misc]
                assert seen.setdefault((key, version), fields) == fields


def test_each_version_is_decoded_once_and_memory_is_bounded(records: Records) -> None:
    view = RecordMetadata(records, decoded_at_most=4).view((RANK, ROLES), 30 * SECOND)
    for n in range(20):
        identity = bytes([n]) * 16
        records.put(identity.hex(), {"rank": n % 10})
        first: Any = view.fields(identity, NOW)
        again: Any = view.fields(identity, NOW)
        assert again[1] is first[1]
        assert len(view._decoded) <= 4


@pytest.mark.parametrize("late", [{"own"}, {"keyed"}, {"own", "keyed"}])
async def test_both_are_asked_for_before_either_is_waited_for(
    view: RecordView, records: Records, late: set[str]
) -> None:
    names = {"own": A.hex(), "keyed": f"key:{KEY[0]}:{KEY[1]}"}
    records.put(names["own"], {"roles": ["x"], "rank": 1})
    records.put(names["keyed"], {"rank": 2})
    records.late = {names[one] for one in late}
    found = view.fields(A, NOW, KEY)
    assert isinstance(found, Parked)
    assert len(records.looked) == 2
    settled: Any = await settle(found)
    assert settled[1] == (2, frozenset({"x"}))


@pytest.mark.parametrize("out", ["own", "keyed"])
def test_an_outage_of_either_is_one(view: RecordView, records: Records, out: str) -> None:
    records.put(A.hex(), {"rank": 1})
    records.found[A.hex() if out == "own" else f"key:{KEY[0]}:{KEY[1]}"] = OUTAGE
    assert view.fields(A, NOW, KEY) is OUTAGE


async def test_facts_are_as_old_as_the_rules_let_them_be_while_the_store_is_out() -> None:
    wall, steady = HandClock(NOW), HandClock(0)
    store = HeldStore(wall)
    cache = RecordCache(store, steady, 100, 1 << 20)
    feed = Feed(store, [cache], wall, steady, lambda _: None)
    cache.follow_by(feed)
    await feed.turn()
    await store.put("metadata", A.hex(), b'{"rank": 3}', 0, None)
    metadata = RecordMetadata(cache)
    strict, patient = metadata.view((RANK,), 5 * SECOND), metadata.view((RANK,), 60 * SECOND)

    async def rank(view: RecordView) -> Any:
        found: Any = await settle(view.fields(A, NOW))
        return found if isinstance(found, Outage) else found[1][0]

    assert await rank(strict) == 3
    store.down = True
    steady.now = 5 * SECOND
    assert (await rank(strict), await rank(patient)) == (3, 3)
    steady.now += 1
    assert (await rank(strict), await rank(patient)) == (OUTAGE, 3)
    store.down = False
    assert await rank(strict) == 3
