"""L040: what is over, by an instant that is given."""

import pytest

from policylang.linter.fix import fix
from policylang.linter.rules.expired_rule import RULE
from tests.policylang.linter.linting import linted, places

ENDS = 1_735_689_600
"""2025-01-01T00:00:00Z, as in the bad example."""


@pytest.mark.parametrize(("at", "found"), [(None, 0), (ENDS - 1, 0), (ENDS, 1), (ENDS + 1, 1)])
def test_by_the_instant_that_is_given(at: int | None, found: int) -> None:
    assert len(places("L040", RULE.bad, at)) == found


def test_shadows_end_too() -> None:
    assert places("L040", "shadow deny x on orders when claims.risk absent until 2020-01-01T00:00:00Z\n", ENDS) == [
        "2020-01-01T00:00:00Z"
    ]


def test_the_fix_takes_the_line_and_leaves_its_neighbours() -> None:
    fixed = fix(linted(RULE.bad, at=ENDS))
    assert fixed.changes == ("the rule is gone; it has held for no request since",)
    assert fixed.result.tree.files[0].text.endswith('when "orders:read" in claims.scope\n')


def test_a_rule_that_nothing_else_replaces_is_not_removed() -> None:
    only = 'allow trial on orders for GET when claims.plan == "free"   until 2025-01-01T00:00:00Z\n'
    assert fix(linted(only, at=ENDS)).count == 0


def test_a_rule_that_shares_its_line_is_cut_out_alone() -> None:
    text = RULE.bad.rstrip("\n") + "   deny risky on orders when claims.risk absent\n"
    fixed = fix(linted(text, at=ENDS))
    assert "deny risky" in fixed.result.tree.files[0].text
    assert "trial" not in fixed.result.tree.files[0].text
