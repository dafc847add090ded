"""Every store against one model: a dictionary, its versions, and the list of what changed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gateway.message.ports import Outage
from gateway.records.port import KINDS, Change, Changes, Conflict, Kind, Page, Stored
from tests.gateway.records.benches import NOW, SECOND, Bench, MemoryBench, RedisBench, SqliteBench, run_alone

T = TypeVar("T")

NAMES = st.sampled_from(["a", "a.b", "ab", "b", "key:ring:0123456789abcdef", "B", "_", "-", "0" * 32, "z" * 512])
CONTENTS = st.sampled_from(
    [b"{}", b'{"roles":["a"]}', b'{"n":"\xc3\xa4\\n \\u0000"}', b"{ \n}", b'{"x":"' + b"y" * 3000 + b'"}']
)
LIFETIMES = st.sampled_from([None, None, -SECOND, 0, 1, 5 * SECOND, 3600 * SECOND])
EXPECTS = st.sampled_from(["any", "any", "none", "right", "wrong"])
KIND = st.sampled_from(KINDS)


class StoreMachine(RuleBasedStateMachine):
    """What each call answers is what the model says."""

    make: Callable[[], Bench]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.bench = self.make()
        self.run(self.bench.open())
        self.model: dict[tuple[Kind, str], Stored] = {}
        self.versions: set[int] = set()
        self.history: list[Change] = []
        self.cursor = b""
        self.read = 0
        self.doubted = False

    def run(self, call: Coroutine[Any, Any, T | Outage]) -> T:
        answer = self.loop.run_until_complete(call)
        assert not isinstance(answer, Outage)
        return answer

    def teardown(self) -> None:
        run_alone(self.loop, self.bench)

    @property
    def now(self) -> int:
        return self.run(self.bench.store.now())

    def there(self, kind: Kind, name: str) -> Stored | None:
        kept = self.model.get((kind, name))
        return None if kept is None or 0 < kept.expires <= self.now else kept

    def expectation(self, kind: Kind, name: str, word: str) -> int | None:
        there = self.there(kind, name)
        at = 0 if there is None else there.version
        return {"any": None, "none": 0, "right": at, "wrong": at + 1}[word]

    def changed(self, kind: Kind, name: str, version: int) -> None:
        assert version not in self.versions
        self.versions.add(version)
        self.history.append(Change(kind, name, version))

    @rule(kind=KIND, name=NAMES, content=CONTENTS, lifetime=LIFETIMES, expect=EXPECTS)
    def put(self, kind: Kind, name: str, content: bytes, lifetime: int | None, expect: str) -> None:
        if self.bench.hand is None and lifetime is not None and abs(lifetime) < 2 * SECOND:
            lifetime = -SECOND  # an end that passes by itself between two looks says nothing
        there = self.there(kind, name)
        expected = self.expectation(kind, name, expect)
        expires = 0 if lifetime is None else self.now + lifetime
        answer = self.run(self.bench.store.put(kind, name, content, expires, expected))
        at = 0 if there is None else there.version
        if expected not in {None, at}:
            assert answer == Conflict(at)
            return
        assert isinstance(answer, Stored)
        assert (answer.name, answer.content, answer.expires) == (name, content, expires)
        assert all(answer.version > change.version for change in self.history if change.name == name)
        self.changed(kind, name, answer.version)
        self.model[kind, name] = answer

    @rule(kind=KIND, name=NAMES)
    def get(self, kind: Kind, name: str) -> None:
        assert self.run(self.bench.store.get(kind, name)) == self.there(kind, name)

    @rule(kind=KIND, name=NAMES, expect=EXPECTS)
    def delete(self, kind: Kind, name: str, expect: str) -> None:
        there = self.there(kind, name)
        expected = self.expectation(kind, name, expect)
        answer = self.run(self.bench.store.delete(kind, name, expected))
        at = 0 if there is None else there.version
        if expected not in {None, at}:
            assert answer == Conflict(at)
        elif there is None:
            assert answer is False
        else:
            assert answer is True
            del self.model[kind, name]
            # The deletion's version is told by the change alone.
            self.history.append(Change(kind, name, -1))

    @rule(
        kind=KIND, prefix=st.one_of(st.sampled_from(["", "a", "key:", "none"]), NAMES),
        after=st.one_of(st.just(""), NAMES), limit=st.sampled_from([1, 2, 3, 1000]),
    )  # fmt: skip
    def page(self, kind: Kind, prefix: str, after: str, limit: int) -> None:
        expected = [
            self.model[key]
            for key in sorted(self.model)
            if key[0] == kind and key[1].startswith(prefix) and key[1] > after and self.there(*key) is not None
        ]
        answer = self.run(self.bench.store.page(kind, prefix, after, limit))
        assert answer == Page(tuple(expected[:limit]), len(expected) > limit)

    @rule(micros=st.sampled_from([0, 1, SECOND, 5 * SECOND, 4000 * SECOND, -2 * SECOND]))
    def time_passes(self, micros: int) -> None:
        if self.bench.hand is None:
            return
        before, after = self.bench.hand.now, self.bench.hand.now + micros
        # A clock that goes back may bring back what had ended; whether it was swept meanwhile is the store's affair.
        if not any(after < kept.expires <= before for kept in self.model.values()):
            self.bench.hand.now = after

    @rule(limit=st.sampled_from([1, 10_000]))
    def sweep(self, limit: int) -> None:
        assert self.run(self.bench.store.sweep(limit)) >= 0

    @rule(wait=st.sampled_from([0, 0.001]))
    def follow(self, wait: float) -> None:
        answer: Changes = self.run(self.bench.store.changes(self.cursor, wait))
        unread = self.history[self.read :]
        if not self.cursor:
            assert (answer.changes, answer.lost) == ((), False)
        elif answer.lost:
            assert answer.changes == ()
            assert self.doubted or (self.bench.kept is not None and len(unread) > self.bench.kept)
        else:
            assert not self.doubted
            assert self.bench.kept is None or len(unread) <= self.bench.kept
            assert [(c.kind, c.name) for c in answer.changes] == [(c.kind, c.name) for c in unread]
            for told, known in zip(answer.changes, unread, strict=True):
                if known.version == -1:
                    assert told.version not in self.versions
                    self.versions.add(told.version)
                else:
                    assert told.version == known.version
        self.cursor, self.read, self.doubted = answer.cursor, len(self.history), False

    @rule()
    def a_cursor_of_another_store(self) -> None:
        answer: Changes = self.run(self.bench.store.changes(b"nonsense", 0))
        assert answer.lost
        assert answer.changes == ()

    @precondition(lambda self: self.history)
    @rule()
    def restart(self) -> None:
        loses = self.loop.run_until_complete(self.bench.restart())
        self.doubted = self.doubted or (loses and bool(self.cursor))

    @invariant()
    def versions_are_times(self) -> None:
        assert all(version >= NOW // 2 for version in self.versions)


@pytest.mark.parametrize("bench", [MemoryBench, SqliteBench])
def test_in_this_process(bench: Callable[[], Bench]) -> None:
    machine = type("Machine", (StoreMachine,), {"make": staticmethod(bench)})
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=25))


def test_on_redis(store_url: str) -> None:
    machine = type("Machine", (StoreMachine,), {"make": staticmethod(lambda: RedisBench(store_url))})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=25))
