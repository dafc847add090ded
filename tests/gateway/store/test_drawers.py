import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.drawers import DRAWERS, Drawers

KEYS = st.integers(0, 600).map(lambda number: number.to_bytes(2, "big"))


def test_it_is_a_mapping() -> None:
    drawers = Drawers()
    drawers[b"a"] = b"1"
    drawers[b"a"] = b"2"
    drawers[b"b"] = b"3"
    assert (dict(drawers), len(drawers)) == ({b"a": b"2", b"b": b"3"}, 2)
    assert drawers.get(b"c") is None
    assert b"a" in drawers
    assert drawers.take(b"a") == b"2"
    assert drawers.take(b"a") is None
    drawers.clear()
    assert (dict(drawers), len(drawers)) == ({}, 0)


def filled(count: int) -> Drawers:
    drawers = Drawers()
    for number in range(count):
        drawers[number.to_bytes(4, "big")] = b""
    return drawers


def test_of_one_drawer_the_oldest_goes_first() -> None:
    drawers = filled(2_000)
    places = {key: place for place, drawer in enumerate(drawers._drawers) for key in drawer}
    taken = [drawers.take_oldest()[0] for _ in range(2_000)]
    for place in range(DRAWERS):
        of_one = [key for key in taken if places[key] == place]
        assert of_one == sorted(of_one)
    with pytest.raises(KeyError):
        drawers.take_oldest()


def test_drawers_take_turns() -> None:
    drawers = filled(40 * DRAWERS)
    places = {key: place for place, drawer in enumerate(drawers._drawers) for key in drawer}
    assert {places[drawers.take_oldest()[0]] for _ in range(DRAWERS)} == set(range(DRAWERS))


def test_the_collector_looks_at_none_of_them() -> None:
    drawers = Drawers()
    for number in range(10_000):
        drawers[number.to_bytes(4, "big")] = bytes(20)
    assert not any(gc.is_tracked(drawer) for drawer in drawers._drawers)


@given(st.lists(st.tuples(st.sampled_from(("set", "take", "oldest")), KEYS)))
def test_it_does_as_a_dictionary_does(acts: list[tuple[str, bytes]]) -> None:
    drawers, model = Drawers(), dict[bytes, bytes]()
    for act, key in acts:
        if act == "set":
            drawers[key] = model[key] = key
        elif act == "take":
            assert drawers.take(key) == model.pop(key, None)
        elif model:
            gone, value = drawers.take_oldest()
            assert model.pop(gone) == value
        assert (len(drawers), dict(drawers)) == (len(model), model)
