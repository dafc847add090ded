"""L008: leeway up to the bound is for clocks."""

import pytest

from policylang.linter.rules.long_leeway import RULE
from tests.policylang.linter.linting import findings, places


@pytest.mark.parametrize(("leeway", "found"), [("60s", []), ("61s", ["61s"]), ("0s", []), ("1min", [])])
def test_the_bound_is_the_option(leeway: str, found: list[str]) -> None:
    assert places("L008", RULE.bad.replace("5min", leeway)) == found


def test_a_tighter_bound() -> None:
    assert places("L008", RULE.good, longest="10s") == ["30s"]


def test_the_bound_is_told() -> None:
    assert findings("L008", RULE.bad)[0].labels[0].text == "longer than 60s"
