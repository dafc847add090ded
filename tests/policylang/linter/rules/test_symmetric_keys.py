"""L011: keys that can sign."""

from policylang.linter.rules.symmetric_keys import RULE
from tests.policylang.linter.linting import places


def test_the_keys_are_pointed_to() -> None:
    assert places("L011", RULE.bad) == ["secret.corp_key"]


def test_public_keys_by_url_are_fine() -> None:
    assert places("L011", RULE.good.replace("keys discovered", 'keys "https://auth.example.com/jwks"')) == []
