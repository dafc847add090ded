"""Very many objects, about in the order of use: exact where they are few, and every one is found whatever their number."""

from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.recent import PARTS, Recent

STEPS = st.lists(st.tuples(st.sampled_from(["put", "take", "touch", "oldest", "take_oldest"]), st.integers(0, 8)))


@given(STEPS)
def test_few_are_in_exact_order(steps: list[tuple[str, int]]) -> None:
    recent: Recent[int, str] = Recent(10)
    model: OrderedDict[int, str] = OrderedDict()
    for number, (step, key) in enumerate(steps):
        if step == "put":
            recent.put(key, str(number))
            model[key] = str(number)
        elif step == "take":
            assert recent.take(key) == model.pop(key, None)
        elif step == "touch" and key in model:
            recent.touch(key)
            model.move_to_end(key)
        elif step == "oldest" and model:
            assert recent.oldest() == next(iter(model.items()))
        elif step == "take_oldest" and model:
            assert recent.take_oldest() == model.popitem(last=False)
        assert list(recent.items()) == list(model.items())
        assert len(recent) == len(model)


def test_many_are_in_parts_and_the_oldest_of_each_goes_in_turn() -> None:
    recent: Recent[int, int] = Recent(PARTS * PARTS)
    for key in range(PARTS * 10):
        recent.put(key, -key)
    for key in range(PARTS):
        recent.touch(key)
    assert [recent.oldest()[0] for _ in range(PARTS)] == list(range(PARTS, 2 * PARTS)), "each part's oldest once"
    taken = [recent.take_oldest()[0] for _ in range(9 * PARTS)]
    assert sorted(taken) == list(range(PARTS, PARTS * 10)), "what was touched stays longest"
    assert (len(recent), sorted(recent)) == (PARTS, list(range(PARTS)))
    assert [recent.get(key) for key in (0, 1, PARTS)] == [0, -1, None]


def test_there_is_no_oldest_of_none() -> None:
    recent: Recent[int, int] = Recent(PARTS * PARTS)
    recent.put(1, 1)
    recent.clear()
    assert len(recent) == 0
    with pytest.raises(KeyError):
        recent.oldest()
    with pytest.raises(KeyError):
        recent.take_oldest()
