"""Very many pairs of bytes, without weight for the garbage collector and without a long stop when they grow.

Law of this file: bytes to bytes. A plain dictionary of those is never looked at by the collector; one of its subclasses, or one
that once held a tuple, is, and half a million pairs cost a pass a tenth of a second. 256 small dictionaries grow one at
a time, and the oldest pair of a small one is found at once.
"""

from collections.abc import Iterator, Mapping

DRAWERS = 256
LAST = DRAWERS - 1
SHIFT = 40


class Drawers(Mapping[bytes, bytes]):
    """Pairs, in the drawer that some bits of their key's hash name: not those by which a dictionary places it."""

    __slots__ = ("_drawers", "_hand", "_size")

    def __init__(self) -> None:
        self._drawers: tuple[dict[bytes, bytes], ...] = tuple({} for _ in range(DRAWERS))
        self._hand = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        for drawer in self._drawers:
            yield from drawer

    def __getitem__(self, key: bytes) -> bytes:
        return self._drawers[hash(key) >> SHIFT & LAST][key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        drawer = self._drawers[hash(key) >> SHIFT & LAST]
        before = len(drawer)
        drawer[key] = value
        self._size += len(drawer) - before

    def take(self, key: bytes) -> bytes | None:
        """Remove a pair; its value, or None where there is none."""
        value = self._drawers[hash(key) >> SHIFT & LAST].pop(key, None)
        if value is not None:
            self._size -= 1
        return value

    def take_oldest(self) -> tuple[bytes, bytes]:
        """Remove one of the pairs that are here longest, of each drawer in turn. KeyError where there is none."""
        for _ in range(DRAWERS if self._size else 0):
            drawer = self._drawers[self._hand]
            self._hand = (self._hand + 1) % DRAWERS
            if drawer:
                key = next(iter(drawer))
                self._size -= 1
                return key, drawer.pop(key)
        raise KeyError

    def clear(self) -> None:
        """Remove everything."""
        for drawer in self._drawers:
            drawer.clear()
        self._size = 0
