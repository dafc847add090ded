"""Every rule set below ``rules/`` is an example: it checks, its tests are strong, and no tool has anything to say of it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from policylang.cli.main import main
from policylang.source.rule_sets import rule_sets

SETS = rule_sets(Path("rules"))
AT = "2026-11-01T00:00:00Z"
"""When the linter looks: what is past its ``until`` on another day says nothing of the code."""


def run(*arguments: object) -> None:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output


def test_all_are_found() -> None:
    folders = {path for path in Path("rules").iterdir() if path.is_dir()}
    assert folders == set(SETS)
    assert len(SETS) >= 2


@pytest.mark.parametrize("rules", SETS, ids=str)
def test_it_is_an_example_to_follow(rules: Path) -> None:
    environments = sorted(path.stem for path in (rules / "env").glob("*.toml"))
    assert "local" in environments
    for environment in environments:
        run("check", rules, "--env", environment)
    run("lint", rules, "--strict", "--env", "local", "--at", AT)
    run("fmt", "--check", rules)


@pytest.mark.parametrize("rules", SETS, ids=str)
def test_its_tests_see_everything(rules: Path) -> None:
    run("test", rules, "--coverage-min", "100", "--mutate-min", "90")
