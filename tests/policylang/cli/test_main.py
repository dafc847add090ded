"""The command itself: every sub-command is found, has examples in its help, and wrong usage exits with 2."""

import click
import pytest

from policylang.cli.main import main
from policylang.cli.version import version
from tests.policylang.cli.conftest import Run

NAMES = ["admin", "check", "compile", "dev", "explain", "fmt", "identity", "init", "lint", "serve", "test", "usage"]


def test_all_commands_are_listed() -> None:
    assert main.list_commands(click.Context(main)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_help_has_an_example(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"policylang {name}" in result.stdout


def test_version(run: Run) -> None:
    assert version() in run("--version").stdout


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert run("chekc").exit_code == 2
