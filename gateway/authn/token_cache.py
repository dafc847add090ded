"""What is known of tokens seen before, by their digest. A *fact*: that a signature held. An *entry*: a principal, either
*awake* (an object, with what later steps derived from it) or *asleep* (packed into bytes). A token's first use leaves
a fact, its second an entry; an entry that is not used for a turn of the clock's hand falls asleep. When a sleeper is used it
*dozes*: it stays packed, with an object beside it, and wakes if it is used again before long. So a use that stays
the only one for a while costs no packing.

Law of this file: only verified tokens come in, and a newcomer takes the place of newcomers. An entry leaves when it has
expired, when there is no room and it was not used for a whole turn of the clock's hand, or when someone asks: never because
of a fact. The cache decides nothing: whoever takes something out checks its interval, epoch and plan. One token may be here
twice, by the two spellings of an ECDSA signature: so nothing but what stands in the token is kept under its digest.
"""

from collections import OrderedDict
from typing import Any

from gateway.authn.packing import Entry, Fact, Packing, fact_of, valid_until_of
from gateway.store.drawers import Drawers
from gateway.store.recent import Recent

FACT_BYTES = 240
ENTRY_BYTES = 1_300
CELL_BYTES = 1_000
MINTED_BYTES = 2_500
USUAL_BYTES = 1_024
"""For each entry that there may be: asleep and a fact as large as is usual, with as much again to spare."""

MAX_CELLS = 64
"""Cells kept with one entry; past that they are derived again."""

ASLEEP_BYTES = 240
"""What an entry that is asleep holds beside its packed bytes, measured."""

WAKING_FACTOR = 3
"""Packed bytes take about so many times as much room as objects."""

MAX_AWAKE = 20_000
"""An object is used at once; it takes three times the room of a packed entry, and more with what was derived from it."""

AWAKE_BYTES = ENTRY_BYTES + CELL_BYTES + MINTED_BYTES
"""What an entry that is awake usually holds."""

MAX_DOZING = 1_024
"""At thousands of requests a second some tenths of a second: enough for an app that sends several at once."""

HAND_STEPS = 8
"""Entries looked at for one that comes in: the work of an insertion is bounded."""


class TokenCache:
    """Facts and entries, each kind bounded by ``max_entries``, both together by ``max_bytes`` as estimated (None: what so many
    entries of usual size take, and 256 MiB at the least). ``max_awake`` bounds the entries that are objects.
    """

    def __init__(self, max_entries: int = 50_000, max_bytes: int | None = None, max_awake: int = MAX_AWAKE) -> None:
        max_awake = min(max_entries, max_awake)
        if max_bytes is None:
            max_bytes = max(256 * 1024 * 1024, max_entries * USUAL_BYTES + 2 * max_awake * AWAKE_BYTES)
        self.entries: Recent[bytes, Entry] = Recent(max_awake)
        self.asleep = Drawers()
        self.dozing: OrderedDict[bytes, tuple[Entry, dict[int, Any]]] = OrderedDict()
        self.facts = Drawers()
        self.entry_bytes = 0
        self.asleep_bytes = 0
        self.evicted = 0
        self.woken = 0
        self._packing = Packing()
        self._max_entries = max_entries
        self._max_awake = max_awake
        self._max_facts = max(1, min(max_entries, max_bytes // 4 // FACT_BYTES))
        self._max_entry_bytes = max_bytes - max_bytes // 4

    def __len__(self) -> int:
        """How many entries there are, awake and asleep."""
        return len(self.entries) + len(self.asleep)

    def note(self, key: bytes, fact: Fact) -> None:
        """Keep a fact; if there are too many, one of the oldest goes first."""
        if len(self.facts) >= self._max_facts and key not in self.facts:
            self.facts.take_oldest()
        self.facts[key] = fact

    def keep(self, key: bytes, entry: Entry, now: int) -> None:
        """Keep an entry in place of what is known under this key; where no room is to be had, keep the fact."""
        self.forget(key)
        entry.size = measure(entry)
        if self._make_room(entry.size, now):
            self.entries.put(key, entry)
            self.entry_bytes += entry.size
        elif not self._lay_down(key, entry):
            self.note(key, fact_of(entry))

    def awake(self, key: bytes, now: int) -> Entry | None:
        """The entry under this key. One that sleeps begins to doze; one that dozes is awake from now on, if that can be."""
        entry: Entry | None = self.entries.get(key)
        if entry is not None:
            return entry
        packed = self.asleep.get(key)
        if packed is None:
            return None
        dozing = self.dozing.pop(key, None)
        if dozing is None:
            entry = self._packing.unpack(packed)
            self._doze(key, entry)
            return entry
        entry = dozing[0]
        entry.size = ENTRY_BYTES + WAKING_FACTOR * len(packed)  # until the sweep measures it
        self._drop_asleep(key)
        if self._make_room(entry.size, now):
            self.entries.put(key, entry)
            self.entry_bytes += entry.size
            self.woken += 1
        elif not self._lay_down(key, entry):
            self.note(key, fact_of(entry))
        return entry

    def thumbprint(self, key: bytes) -> bytes | None:
        """Of the key whose signature held when the token was here before."""
        entry: Entry | None = self.entries.get(key)
        if entry is not None:
            return entry.thumbprint
        packed = self.asleep.get(key)
        if packed is not None:
            return self._packing.unpack(packed).thumbprint
        fact = self.facts.get(key)
        return None if fact is None else fact[8:]

    def forget(self, key: bytes) -> None:
        """Drop what is known under this key."""
        self.facts.take(key)
        self._drop_asleep(key)
        self.dozing.pop(key, None)
        entry = self.entries.take(key)
        if entry is not None:
            self.entry_bytes -= entry.size

    def clear(self) -> None:
        """Drop everything."""
        self.facts.clear()
        self.entries.clear()
        self.asleep.clear()
        self.dozing.clear()
        self.entry_bytes = self.asleep_bytes = 0

    def sweep(self, now: int, steps: int) -> None:
        """Look at ``steps`` of the oldest of each kind: drop the expired, measure the rest anew, keep within the bytes."""
        for _ in range(min(steps, len(self.facts))):
            key, fact = self.facts.take_oldest()
            if valid_until_of(fact) > now:
                self.facts[key] = fact
        for _ in range(min(steps, len(self.asleep))):
            key, packed = self.asleep.take_oldest()
            if valid_until_of(packed) > now:
                self.asleep[key] = packed
            else:
                self.asleep_bytes -= ASLEEP_BYTES + len(packed)
        for _ in range(min(steps, len(self.entries))):
            key, entry = self.entries.oldest()
            if entry.valid_until <= now:
                self.forget(key)
            else:
                self._measure_again(entry)
                self.entries.touch(key)
        for _ in range(steps):
            if self.entry_bytes + self.asleep_bytes <= self._max_entry_bytes:
                break
            self._move_hand(now)

    def _make_room(self, size: int, now: int) -> bool:
        """Room for an entry that is awake, if a few turns of the hand can make it."""
        for _ in range(HAND_STEPS):
            if self._fits(size):
                return True
            self._move_hand(now)
        return self._fits(size)

    def _fits(self, size: int) -> bool:
        return (
            len(self.entries) < self._max_awake
            and len(self) < self._max_entries
            and self.entry_bytes + self.asleep_bytes + size <= self._max_entry_bytes
        )

    def _move_hand(self, now: int) -> None:
        """A second chance for the oldest entry if it was used; else it falls asleep, or leaves its fact while it is valid.

        Where there are too many, or too much, in all, the one that sleeps longest goes first.
        """
        full = len(self) >= self._max_entries or len(self.entries) < self._max_awake
        if full and self.asleep:
            key, packed = self.asleep.take_oldest()
            self.asleep_bytes -= ASLEEP_BYTES + len(packed)
            self._leave(key, self._packing.unpack(packed), now)
            return
        if not self.entries:
            return
        key, entry = self.entries.oldest()
        if entry.used and entry.valid_until > now:
            entry.used = False
            self.entries.touch(key)
            return
        self.entries.take(key)
        self.entry_bytes -= entry.size
        if full or entry.valid_until <= now or not self._lay_down(key, entry):
            self._leave(key, entry, now)

    def _leave(self, key: bytes, entry: Entry, now: int) -> None:
        self.forget(key)
        self.evicted += 1
        if entry.valid_until > now:
            self.note(key, fact_of(entry))

    def _lay_down(self, key: bytes, entry: Entry) -> bool:
        """Put an entry to sleep; False where there is no room for it."""
        packed = self._packing.pack(entry)
        size = ASLEEP_BYTES + len(packed)
        if len(self) >= self._max_entries or self.entry_bytes + self.asleep_bytes + size > self._max_entry_bytes:
            return False
        self.asleep[key] = packed
        self.asleep_bytes += size
        return True

    def _doze(self, key: bytes, entry: Entry) -> None:
        """Keep the object for a while. The one that dozes longest goes; what was minted for it meanwhile is packed too."""
        self.dozing[key] = entry, dict(entry.minted)
        if len(self.dozing) <= MAX_DOZING:
            return
        oldest, (leaving, minted) = self.dozing.popitem(last=False)
        packed = self.asleep.get(oldest)
        if packed is not None and leaving.minted != minted:
            again = self._packing.pack(leaving)
            self.asleep[oldest] = again
            self.asleep_bytes += len(again) - len(packed)

    def _drop_asleep(self, key: bytes) -> None:
        packed = self.asleep.take(key)
        if packed is not None:
            self.asleep_bytes -= ASLEEP_BYTES + len(packed)

    def _measure_again(self, entry: Entry) -> None:
        """Later steps hang facts and minted tokens on an entry; they count once the sweep comes by."""
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
