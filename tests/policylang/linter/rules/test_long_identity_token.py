"""L035: identity tokens are for one request."""

import pytest

from policylang.linter.rules.long_identity_token import RULE
from tests.policylang.linter.linting import places


@pytest.mark.parametrize(("lifetime", "found"), [("5min", []), ("301s", ["301s"]), ("1h", ["1h"])])
def test_the_bound(lifetime: str, found: list[str]) -> None:
    assert places("L035", RULE.bad.replace("1h", lifetime)) == found


def test_another_bound() -> None:
    assert places("L035", RULE.good, longest="30s") == ["60s"]
