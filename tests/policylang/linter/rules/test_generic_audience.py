"""L013: audiences that every token has."""

import pytest

from policylang.linter.config import Config
from policylang.linter.lint import lint
from policylang.linter.rules.generic_audience import RULE
from tests.policylang.linter.linting import compiled, places


@pytest.mark.parametrize(
    "audience", ["account", "Account", "api://default", "https://auth.example.com", "https://auth.example.com/"]
)
def test_words_and_the_issuer_itself(audience: str) -> None:
    assert places("L013", RULE.bad.replace('"account"', f'"{audience}"')) == [f'"{audience}"']


def test_one_of_several_is_enough() -> None:
    assert places("L013", RULE.bad.replace('"account"', '"https://api.example.com", "account"')) == ['"account"']


def test_words_of_ones_own() -> None:
    assert places("L013", RULE.bad.replace('"account"', '"intranet"'), generic=("intranet",)) == ['"intranet"']


def test_the_value_of_a_setting_counts() -> None:
    text = "setting aud text\n" + RULE.bad.replace('"account"', "setting.aud")
    result = lint(compiled(text, {"aud": "account"}), Config(), None)
    assert [found.code for found in result.diagnostics if found.code == "L013"] == ["L013"]
    assert places("L013", text) == []
