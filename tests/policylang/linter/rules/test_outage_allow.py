"""L032: limits that fail open."""

from policylang.linter.rules.outage_allow import RULE
from tests.policylang.linter.linting import findings, places


def test_only_the_one_that_fails_open() -> None:
    assert places("L032", RULE.bad) == ["total"]
    assert findings("L032", RULE.bad)[0].severity == "warning"


def test_quotas_too() -> None:
    assert places("L032", "limit q on orders by identity { quota 5 per day   on outage allow }\n") == ["q"]
