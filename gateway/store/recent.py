"""Very many objects by key, the oldest known, without a long stop when they grow.

An ordered dictionary of 700,000 keys that grows holds the loop for a tenth of a second. In 64 parts each growth is a
small one, and the oldest of the parts in turn is about the oldest of all.

Law of this file: where there is room for few, there is one part, and the order is exact.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, TypeVar

PARTS = 64

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Mapping[K, V]):
    """Objects by key, those that were put or touched last at the end. ``most``: how many there will be."""

    __slots__ = ("_count", "_hand", "_parts", "_size")

    def __init__(self, most: int) -> None:
        self._count = PARTS if most >= PARTS * PARTS else 1
        self._parts: tuple[OrderedDict[K, V], ...] = tuple(OrderedDict() for _ in range(self._count))
        self._hand = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[K]:
        for part in self._parts:
            yield from part

    def __getitem__(self, key: K) -> V:
        return self._parts[hash(key) % self._count][key]

    def get(self, key: K, default: Any = None) -> Any:
        """The object under this key; it stays where it is."""
        return self._parts[hash(key) % self._count].get(key, default)

    def put(self, key: K, value: V) -> None:
        """Keep an object; a new key is the youngest."""
        part = self._parts[hash(key) % self._count]
        before = len(part)
        part[key] = value
        self._size += len(part) - before

    def take(self, key: K) -> V | None:
        """Remove an object; None where there is none."""
        value = self._parts[hash(key) % self._count].pop(key, None)
        if value is not None:
            self._size -= 1
        return value

    def touch(self, key: K) -> None:
        """Make one that is here the youngest."""
        self._parts[hash(key) % self._count].move_to_end(key)

    def oldest(self) -> tuple[K, V]:
        """The oldest of a part, of each in turn; it stays. KeyError where there is none."""
        for _ in range(self._count if self._size else 0):
            part = self._parts[self._hand]
            self._hand = (self._hand + 1) % self._count
            if part:
                return next(iter(part.items()))
        raise KeyError

    def take_oldest(self) -> tuple[K, V]:
        """Remove the oldest of a part, of each in turn. KeyError where there is none."""
        key, value = self.oldest()
        self.take(key)
        return key, value

    def clear(self) -> None:
        """Remove everything."""
        for part in self._parts:
            part.clear()
        self._size = 0
