"""A runner for commands, and the quickstart rules to run them on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policylang.cli.main import main

QUICKSTART = Path("rules/quickstart")

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """``run("check", path)``: exit code, standard output and standard error of the command."""

    def invoke(*arguments: object, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return invoke
