from typing import get_args

from policylang.coverage.goal import KINDS, MISSED, Goal, Kind, Wanted
from policylang.source.spans import Span


def test_every_kind_and_every_thing_wanted_has_its_words() -> None:
    assert set(KINDS) == set(get_args(Kind))
    assert set(MISSED) == set(get_args(Wanted))


def test_goals_stand_in_the_order_of_the_source() -> None:
    later, earlier = Goal(Span(0, 9, 12), "arm", "", "taken"), Goal(Span(0, 2, 30), "route", "route r", "reached")
    assert sorted([later, earlier]) == [earlier, later]
