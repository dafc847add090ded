"""L007: all issuers at once."""

from policylang.linter.rules.trust_every_issuer import RULE
from tests.policylang.linter.linting import places


def test_the_list_of_issuers_is_pointed_to() -> None:
    assert places("L007", RULE.bad) == ["corp, shop, staff"]


def test_few_issuers_are_no_wildcard() -> None:
    assert places("L007", "") == []
    assert places("L007", "", fewest=1) == ["corp"]
    assert places("L007", RULE.bad, fewest=4) == []
