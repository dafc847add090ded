from policylang.coverage.goal import Goal
from policylang.coverage.report import Coverage, Share
from policylang.source.spans import Span
from policylang.source.tree import tree_of

TREE = tree_of({"a.rules": "when x\n  and  y # why\n", "b.rules": "route r"})
TRUE, FALSE = (Goal(Span(0, 5, 15), "condition", "", wanted) for wanted in ("true", "false"))
ABSENT = Goal(Span(0, 5, 6), "condition", "", "absent")
ROUTE = Goal(Span(1, 6, 7), "route", "route r", "reached")
GOALS = (ABSENT, FALSE, TRUE, ROUTE)


def test_shares_are_rounded_down_so_that_a_hundred_is_all() -> None:
    assert Share(999, 1000).percent == 99.9
    assert Share(9999, 10000).percent == 99.9
    assert Share(2, 3).percent == 66.6
    assert (Share(0, 0).percent, Share(3, 3).percent) == (100.0, 100.0)
    assert str(Share(1200, 3000)) == "1,200 of 3,000"


def test_shares_by_kind_and_by_file() -> None:
    coverage = Coverage(GOALS, {TRUE: 4, ROUTE: 1}, TREE)
    assert coverage.share == Share(2, 4)
    assert coverage.by_kind() == {"condition": Share(1, 3), "route": Share(1, 1)}
    assert coverage.by_file() == {0: Share(1, 3), 1: Share(1, 1)}


def test_gaps_say_all_that_was_not_seen_of_one_place() -> None:
    def told(met: dict[Goal, int]) -> list[tuple[str, str]]:
        return [(gap.text, gap.words) for gap in Coverage(GOALS, met, TREE).gaps()]

    assert told({}) == [("x", "never absent"), ("x and y", "never looked at"), ("route r", "never reached")]
    assert told({TRUE: 1, ROUTE: 1, ABSENT: 1}) == [("x and y", "never false")]
    assert told(dict.fromkeys(GOALS, 1)) == []
