"""L042: how old facts may be."""

import pytest

from policylang.linter.rules.stale_metadata import RULE
from tests.policylang.linter.linting import places


@pytest.mark.parametrize(("fresh", "found"), [("5min", []), ("301s", ["301s"])])
def test_the_bound(fresh: str, found: list[str]) -> None:
    assert places("L042", RULE.bad.replace("1h", fresh)) == found


def test_without_words_it_is_short() -> None:
    assert places("L042", RULE.bad.replace("fresh within 1h", "")) == []


def test_another_bound() -> None:
    assert places("L042", RULE.bad, longest="2h") == []
