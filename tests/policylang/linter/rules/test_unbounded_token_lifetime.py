"""L010: no bound at all."""

from policylang.linter.rules.unbounded_token_lifetime import RULE
from tests.policylang.linter.linting import findings, places


def test_the_issuer_is_pointed_to_and_it_is_a_note() -> None:
    assert places("L010", RULE.bad) == ["corp"]
    assert findings("L010", RULE.bad)[0].severity == "note"


def test_any_bound_will_do() -> None:
    assert places("L010", RULE.good.replace("1h", "366d")) == []
