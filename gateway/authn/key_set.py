"""One issuer's key set as a state machine: when to fetch, how long to believe what was fetched.

Law of this file: no clock, no network, no task. An event and an instant give a new state; a fetch begins where
``fetching`` becomes true, and ends with ``fetched`` or ``failed``. Instants and durations are microseconds.

========  ==========================================  =====================================================
phase     means                                       a fetch begins
========  ==========================================  =====================================================
empty     no keys, and no fetch has failed            at once
fresh     keys within the time their answer stated    at ``refresh_at``, ahead of need; on an unknown key id,
                                                      once in a cool-down
stale     keys past that time, the issuer is down     after a growing delay; on an unknown key id, as above
failed    no keys: never had, or stale for too long   after a growing delay
========  ==========================================  =====================================================
"""

from dataclasses import dataclass, replace
from typing import Literal

from gateway.authn.keys import KeySet

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
FOREVER = 2**62
"""Past every instant."""

Phase = Literal["empty", "fresh", "stale", "failed"]


@dataclass(frozen=True, slots=True)
class KeyTiming:
    """``default_fresh`` holds where an answer states no age; a stated one is brought within least and most."""

    default_fresh: int = 15 * MINUTE
    least_fresh: int = MINUTE
    most_fresh: int = 24 * HOUR
    refresh_percent: int = 80
    cool_down: int = 30 * SECOND
    stale: int = HOUR
    first_retry: int = SECOND


DEFAULT_TIMING = KeyTiming()


@dataclass(frozen=True, slots=True)
class KeySetState:
    """``changes`` rises whenever the keys that verify are others than before. ``failures``: fetches that failed in a row.

    ``refetch_from``: the instant from which an unknown key id may ask for a fetch again.
    """

    keys: KeySet | None = None
    fetching: bool = False
    failures: int = 0
    refresh_at: int = 0
    fresh_until: int = 0
    usable_until: int = 0
    refetch_from: int = 0
    changes: int = 0


EMPTY = KeySetState()


def fixed(keys: KeySet) -> KeySetState:
    """The state of keys that come from no network: never fetched, never stale."""
    return KeySetState(
        keys, refresh_at=FOREVER, fresh_until=FOREVER, usable_until=FOREVER, refetch_from=FOREVER, changes=1
    )


def usable(state: KeySetState, now: int) -> KeySet | None:
    """The keys that may verify at this instant."""
    return state.keys if now < state.usable_until else None


def phase(state: KeySetState, now: int) -> Phase:
    """The phase, by the table above."""
    if usable(state, now) is None:
        return "failed" if state.failures else "empty"
    return "fresh" if now < state.fresh_until else "stale"


def tick(state: KeySetState, now: int) -> KeySetState:
    """Time has passed, or somebody wants keys: begin a fetch that is due, drop keys that are stale for too long."""
    if state.keys is not None and now >= state.usable_until:
        state = replace(state, keys=None, changes=state.changes + 1)
    if state.fetching or now < state.refresh_at:
        return state
    return replace(state, fetching=True)


def unknown_kid(state: KeySetState, now: int, timing: KeyTiming) -> KeySetState:
    """A token names a key that is not in the set: begin a fetch, at most once in a cool-down."""
    if state.fetching or now < state.refetch_from:
        return state
    return replace(state, fetching=True, refetch_from=now + timing.cool_down)


def fetched(state: KeySetState, keys: KeySet, max_age: int | None, now: int, timing: KeyTiming) -> KeySetState:
    """A fetch brought keys: they replace the set. ``max_age`` is what the answer's Cache-Control states."""
    stated = timing.default_fresh if max_age is None else max_age
    fresh = min(max(stated, timing.least_fresh), timing.most_fresh)
    same = state.keys is not None and state.keys.digest == keys.digest
    return replace(
        state,
        keys=keys,
        fetching=False,
        failures=0,
        refresh_at=now + fresh * timing.refresh_percent // 100,
        fresh_until=now + fresh,
        usable_until=now + fresh + timing.stale,
        changes=state.changes if same else state.changes + 1,
    )


def failed(state: KeySetState, now: int, timing: KeyTiming) -> KeySetState:
    """A fetch brought nothing: what is there stays until it is stale for too long; the next try waits longer."""
    delay = min(timing.first_retry << min(state.failures, 16), timing.cool_down)
    return replace(state, fetching=False, failures=state.failures + 1, refresh_at=now + delay)
