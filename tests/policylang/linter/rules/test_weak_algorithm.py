"""L012: algorithms with a successor."""

import pytest

from policylang.linter.rules.weak_algorithm import RULE
from tests.policylang.linter.linting import places


@pytest.mark.parametrize("name", ["RS256", "RS384", "RS512", "EdDSA", "ES256K"])
def test_each_of_the_table_is_found(name: str) -> None:
    assert places("L012", RULE.bad.replace("RS256", f"ES256, {name}")) == [name]


@pytest.mark.parametrize("name", ["PS256", "ES384", "ES512", "Ed25519"])
def test_the_successors_are_not(name: str) -> None:
    assert places("L012", RULE.bad.replace("RS256", name)) == []


def test_what_is_accepted_is_not_told() -> None:
    assert places("L012", RULE.bad.replace("RS256", "RS256, EdDSA"), accepted=("RS256",)) == ["EdDSA"]
