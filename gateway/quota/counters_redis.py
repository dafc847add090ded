"""What the scripts of the Redis store are given and answer: amounts as numbers below 2**53, states as text.

Law of this file: every product that may pass 2**53 is made here, where integers have no bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

from gateway.message.ports import OUTAGE, Outage
from gateway.store.shards import key_in, shard_of
from policylang.embed import (
    RETRY_MICROS,
    Charge,
    QuotaState,
    RateState,
    Standing,
    State,
    ask,
    calendar_window,
    plan_model,
)

EXACT = 2**52
"""No single amount is above this: added to a time it stays below 2**53, where a double is an exact integer."""
LARGEST_COUNT = 2**37
"""No rate's count is above this: the scripts multiply remainders by digits of 15 bits."""

Numbers = tuple[int, ...]
Breadth = Literal[0, 1, 2]

_UNCOUNTABLE = (b"x", (b"0",) * 6)
_BREADTH: dict[bytes, Breadth] = {b"i": 0, b"r": 2}


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a charge is counted. ``breadth``: 0 one identity, 1 one value of a reference, 2 a whole route."""

    shard: int
    key: bytes
    breadth: Breadth


def counter_of(charge: Charge, namespace: str, secret: bytes) -> Counter:
    """The counter of a charge. Its key is a keyed digest: the store does not tell whose counter it is."""
    key = charge.key
    value = key[4 + int.from_bytes(key[:4], "big") :]
    shard = shard_of(value)
    kind = b"c" if isinstance(charge.amount, plan_model.Concurrency) else b"l"
    name = blake2b(key, digest_size=16, key=secret).digest()
    return Counter(shard, key_in(namespace, shard, kind, name), _BREADTH.get(value[:1], 1))


def fields_of(charge: Charge, now: int) -> tuple[bytes, Sequence[bytes]]:
    """The kind of a charge and its six numbers; ``now`` is about the store's time, for calendar windows."""
    amount = charge.amount
    if isinstance(amount, plan_model.Quota) and amount.window not in {None, "anchored"}:
        return _calendar_fields(amount, *_around(amount, now))
    return _fields(amount)


@lru_cache(maxsize=4096)
def _fields(amount: plan_model.Amount) -> tuple[bytes, Sequence[bytes]]:
    if isinstance(amount, plan_model.Rate):
        count, per = amount.count, amount.per_micros
        depth = amount.burst * per
        numbers: Numbers = (count, per // count, per % count, depth // count, depth % count, 0)
        if count > LARGEST_COUNT or max(numbers) > EXACT:
            return _UNCOUNTABLE
        return b"r", _written(numbers)
    if isinstance(amount, plan_model.Concurrency):
        numbers = (amount.count, amount.hold_micros, 0, 0, 0, 0)
        return (b"c", _written(numbers)) if max(numbers) <= EXACT else _UNCOUNTABLE
    numbers = (_count(amount), amount.micros, 0, 0, 0, 0)
    return (b"q", _written(numbers)) if max(numbers) <= EXACT else _UNCOUNTABLE


@lru_cache(maxsize=4096)
def _calendar_fields(amount: plan_model.Quota, *bounds: int) -> tuple[bytes, Sequence[bytes]]:
    count = _count(amount)
    return (b"q", _written((count, 0, *bounds))) if count <= EXACT else _UNCOUNTABLE


def _count(amount: plan_model.Quota) -> int:
    if amount.count is None:
        msg = "an unlimited quota is not charged"
        raise ValueError(msg)
    return amount.count


def _written(numbers: Numbers) -> tuple[bytes, ...]:
    return tuple(b"%d" % number for number in numbers)


_windows: dict[tuple[str, str], Numbers] = {}


def _around(amount: plan_model.Quota, now: int) -> Numbers:
    """The bounds of the previous, this and the next window: four instants. Kept until the clock leaves this window."""
    period = amount.window
    if period is None or period == "anchored":
        msg = "not a calendar window"
        raise ValueError(msg)
    kept = _windows.get((period, amount.zone))
    if kept is not None and kept[1] <= now < kept[2]:
        return kept
    start, end = calendar_window(period, amount.zone, now)
    previous, _ = calendar_window(period, amount.zone, start - 1)
    _, following = calendar_window(period, amount.zone, end)
    bounds = (previous, start, end, following)
    _windows[period, amount.zone] = bounds
    return bounds


def standing_of(charge: Charge, before: bytes, now: int) -> Standing | Outage:
    """How a limit stands, from what the script says it was before."""
    amount = charge.amount
    if before == b"?":
        return OUTAGE
    if isinstance(amount, plan_model.Concurrency):
        others, earliest = map(int, before.split())
        if others >= amount.count:
            return Standing(False, 0, 0, min(RETRY_MICROS, earliest - now) if others else RETRY_MICROS)
        return Standing(True, amount.count - others - 1, 0, 0)
    return ask(amount, read_state(before), now)[0]


def read_state(text: bytes) -> State | None:
    """A rate's or quota's state as the scripts write it; None for none."""
    kind, *numbers = text.split() or (b"",)
    if kind == b"r":
        whole, part, scale = map(int, numbers)
        return RateState(whole * scale + part, scale)
    if kind == b"q":
        return QuotaState(*map(int, numbers))
    return None


def written_state(state: State | None) -> bytes:
    """A state as the scripts write it."""
    if isinstance(state, RateState):
        return b"r %d %d %d" % (*divmod(state.arrival, state.scale), state.scale)
    if isinstance(state, QuotaState):
        return b"q %d %d %d" % state
    return b""


def refund_of(charge: Charge, before: bytes, now: int) -> tuple[bytes, bytes, bytes, bytes]:
    """The arguments that take a reservation back: kind, what was before it and after it, and a quota's window."""
    if isinstance(charge.amount, plan_model.Concurrency):
        return b"c", b"", b"", b""
    after = ask(charge.amount, read_state(before), now)[1]
    window = b"%d %d" % (after.start, after.end) if isinstance(after, QuotaState) else b""
    kind = b"q" if isinstance(after, QuotaState) else b"r"
    return kind, before, written_state(after), window
