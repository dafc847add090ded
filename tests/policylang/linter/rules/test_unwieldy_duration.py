"""L046: durations that take a division to read."""

import pytest

from policylang.linter.fix import fix
from tests.policylang.linter.linting import linted, places

LIMIT = "limit each on orders by identity {{ rate 10 per {} burst 5   on outage deny }}\n"


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("3600s", "1h"),
        ("86_400s", "1d"),
        ("1440min", "1d"),
        ("90000ms", "90s"),
        ("121min", None),
        ("120s", None),
        ("90min", None),
    ],
)
def test_the_largest_unit_that_fits(written: str, short: str | None) -> None:
    text = LIMIT.format(written)
    assert places("L046", text) == ([] if short is None else [written])
    assert f"per {short or written} " in fix(linted(text)).result.tree.files[0].text
