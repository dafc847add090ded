"""The shelf: what it gives back, what it lets go, and its bounds."""

import gc

import pytest

from gateway.records.shelf import PARTS, Entry, Shelf

E = Entry(2**60, 2**61, -5, 2**32 - 1, b'{"a":1}')
NONE = Entry(0, 0, 1, 0, b"")


def test_entries_come_back_as_they_were_put() -> None:
    shelf = Shelf(10, 10_000)
    shelf.put("metadata", "a", E)
    shelf.put("metadata", "b", NONE)
    assert shelf.get("metadata", "a") == E
    assert shelf.get("metadata", "b") == NONE
    assert shelf.get("key", "a") is None
    shelf.put("metadata", "a", NONE)
    assert shelf.get("metadata", "a") == NONE
    assert len(shelf) == 2


def test_dropping_gives_the_memory_back() -> None:
    shelf = Shelf(10, 10_000)
    shelf.put("metadata", "a", E)
    held = shelf.bytes
    assert held > len(E.content)
    shelf.put("metadata", "a", E)
    assert shelf.bytes == held
    shelf.drop("metadata", "a")
    shelf.drop("metadata", "a")
    assert (shelf.bytes, len(shelf)) == (0, 0)


@pytest.mark.parametrize("most", [1, 7, PARTS * PARTS])
def test_the_number_is_bounded(most: int) -> None:
    shelf = Shelf(most, 1 << 40)
    for n in range(3 * most):
        shelf.put("metadata", f"n{n}", E)
        assert len(shelf) <= most
    assert shelf.evicted == 3 * most - len(shelf)
    kept = [f"n{n}" for n in range(3 * most) if shelf.get("metadata", f"n{n}") == E]
    for name in kept:
        shelf.drop("metadata", name)
    assert (len(shelf), shelf.bytes) == (0, 0)


def test_the_bytes_are_bounded() -> None:
    shelf = Shelf(1_000, 10_000)
    for n in range(100):
        shelf.put("metadata", f"n{n}", E._replace(content=b"x" * (n * 50)))
        assert shelf.bytes <= 10_000
    held = len(shelf)
    assert 0 < held < 100
    shelf.put("metadata", "huge", E._replace(content=b"x" * 20_000))
    assert shelf.get("metadata", "huge") is None
    assert len(shelf) == held


def test_what_is_used_stays_when_many_come_once() -> None:
    shelf = Shelf(20, 1 << 40)
    for n in range(5):
        shelf.put("metadata", f"proven{n}", E)
    for n in range(500):
        shelf.put("metadata", f"once{n}", E)
        for proven in range(5):
            assert shelf.get("metadata", f"proven{proven}") == E


def test_the_collector_does_not_look_at_entries() -> None:
    shelf = Shelf(1_000, 1 << 40)
    for n in range(1_000):
        shelf.put("metadata", f"n{n}", E)
    part = shelf._parts[0]
    assert not gc.is_tracked(part.young)
    assert not any(gc.is_tracked(packed) for packed in part.young.values())
