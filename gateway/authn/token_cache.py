"""What is known of tokens seen before, by their digest. Two kinds: a *fact*, that a signature held, and an *entry*, a
principal. A token's first use leaves a fact, its second an entry.

Law of this file: only verified tokens come in, and a newcomer takes the place of newcomers. An entry leaves when it has
expired, when it was not used for a whole turn of the clock's hand, or when someone asks: never because of a fact.
The cache decides nothing: whoever takes something out checks its interval, epoch and plan. One token may be here twice,
by the two spellings of an ECDSA signature: so nothing but what stands in the token is kept under its digest.
"""

from collections import OrderedDict
from dataclasses import dataclass

from gateway.message.principal import Principal

Fact = tuple[bytes, int]
"""The thumbprint of the key whose signature held, and the token's end. A plain tuple of atoms: the garbage collector
drops it from its lists at the first pass, and half a million of them cost it nothing."""

FACT_BYTES = 400
ENTRY_BYTES = 1_600
CELL_BYTES = 1_000
MINTED_BYTES = 2_500
MAX_CELLS = 64
"""Cells kept with one entry; past that they are derived again."""

HAND_STEPS = 8
"""Entries looked at for one that comes in: the work of an insertion is bounded."""


@dataclass(slots=True)
class Entry(Principal):
    """A principal and what it takes to trust it again: checked in ``epoch``, good for ``valid_from <= now < check_until``.

    ``valid_until`` is the token's own end, leeway included; ``check_until`` is at most that, and at most the instant up
    to which the keys may be believed. ``used``: since the hand last passed.
    """

    valid_from: int = 0
    valid_until: int = 0
    check_until: int = 0
    epoch: int = -1
    thumbprint: bytes = b""
    size: int = 0
    used: bool = False


class TokenCache:
    """Facts and entries, each kind bounded by ``max_entries``, both together by ``max_bytes`` as estimated."""

    def __init__(self, max_entries: int = 50_000, max_bytes: int = 256 * 1024 * 1024) -> None:
        self.entries: OrderedDict[bytes, Entry] = OrderedDict()
        self.facts: OrderedDict[bytes, Fact] = OrderedDict()
        self.entry_bytes = 0
        self.evicted = 0
        self._max_entries = max_entries
        self._max_facts = min(max_entries, max_bytes // 4 // FACT_BYTES)
        self._max_entry_bytes = max_bytes - max_bytes // 4

    def note(self, key: bytes, fact: Fact) -> None:
        """Keep a fact; the oldest fact goes if there are too many."""
        self.facts[key] = fact
        if len(self.facts) > self._max_facts:
            self.facts.popitem(last=False)

    def keep(self, key: bytes, entry: Entry, now: int) -> None:
        """Keep an entry in place of what is known under this key; where no room is to be had, keep the fact."""
        self.forget(key)
        entry.size = measure(entry)
        for _ in range(HAND_STEPS):
            if self._fits(entry.size):
                break
            self._move_hand(now)
        if self._fits(entry.size):
            self.entries[key] = entry
            self.entry_bytes += entry.size
        else:
            self.note(key, (entry.thumbprint, entry.valid_until))

    def forget(self, key: bytes) -> None:
        """Drop what is known under this key."""
        self.facts.pop(key, None)
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.entry_bytes -= entry.size

    def clear(self) -> None:
        """Drop everything."""
        self.facts.clear()
        self.entries.clear()
        self.entry_bytes = 0

    def sweep(self, now: int, steps: int) -> None:
        """Look at ``steps`` of the oldest of each kind: drop the expired, measure the rest anew, keep within the bytes."""
        for _ in range(min(steps, len(self.facts))):
            key, fact = self.facts.popitem(last=False)
            if fact[1] > now:
                self.facts[key] = fact
        for _ in range(min(steps, len(self.entries))):
            key, entry = next(iter(self.entries.items()))
            if entry.valid_until <= now:
                self.forget(key)
            else:
                self._measure_again(entry)
                self.entries.move_to_end(key)
        for _ in range(steps):
            if self.entry_bytes <= self._max_entry_bytes:
                break
            self._move_hand(now)

    def _fits(self, size: int) -> bool:
        return len(self.entries) < self._max_entries and self.entry_bytes + size <= self._max_entry_bytes

    def _move_hand(self, now: int) -> None:
        """A second chance for the oldest entry if it was used; else it goes, and leaves its fact while it is valid."""
        if not self.entries:
            return
        key, entry = next(iter(self.entries.items()))
        if entry.used and entry.valid_until > now:
            entry.used = False
            self._measure_again(entry)
            self.entries.move_to_end(key)
            return
        self.forget(key)
        self.evicted += 1
        if entry.valid_until > now:
            self.note(key, (entry.thumbprint, entry.valid_until))

    def _measure_again(self, entry: Entry) -> None:
        """Later steps hang facts and minted tokens on an entry; they count once the hand comes by."""
        if len(entry.cells) > MAX_CELLS:
            entry.cells.clear()
        size = measure(entry)
        self.entry_bytes += size - entry.size
        entry.size = size


def measure(entry: Entry) -> int:
    """Bytes that an entry holds, estimated from above for text of the basic plane."""
    held = ENTRY_BYTES + CELL_BYTES * len(entry.cells) + MINTED_BYTES * len(entry.minted)
    for value in entry.claims:
        if isinstance(value, str):
            held += 60 + 2 * len(value)
        elif isinstance(value, frozenset):
            held += 220 + sum(100 + 2 * len(item) for item in value)
    return held
