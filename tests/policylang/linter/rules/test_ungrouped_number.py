"""L047: numbers that are counted with a finger."""

import pytest

from policylang.linter.fix import fix
from tests.policylang.linter.linting import linted, places

POLICY = "policy free {{ quota {} per day }}\nselect policy on orders {{ use free otherwise }}\n"


@pytest.mark.parametrize(
    ("written", "grouped"),
    [("10000", "10_000"), ("1000000", "1_000_000"), ("9999", None), ("10_000", None), ("10_0000", None)],
)
def test_five_digits_and_more(written: str, grouped: str | None) -> None:
    text = POLICY.format(written)
    assert places("L047", text) == ([] if grouped is None else [written])
    assert f"quota {grouped or written} " in fix(linted(text)).result.tree.files[0].text
