"""L009: how long a token may live."""

import pytest

from policylang.linter.rules.long_token_lifetime import RULE
from tests.policylang.linter.linting import places


@pytest.mark.parametrize(("lifetime", "found"), [("1h", []), ("3601s", ["3601s"]), ("366d", ["366d"])])
def test_the_bound_is_an_hour(lifetime: str, found: list[str]) -> None:
    assert places("L009", RULE.bad.replace("30d", lifetime)) == found


def test_another_bound() -> None:
    assert places("L009", RULE.bad, longest="30d") == []
