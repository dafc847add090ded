"""A plan from what the command line names: a plan file, or rules that are compiled first, in a child process."""

import asyncio
import tempfile
from pathlib import Path

import click

from gateway.policy.compile_process import RulesRefused, compile_rules
from policylang.embed import PlanRefused, decode, plan_model


def read_plan(source: Path, environment: str | None) -> plan_model.Plan:
    """The plan of a rule set or of a plan file. Raises click's error with the diagnostics (exit code 1)."""
    if source.suffix == ".json":
        return _decoded(source)
    with tempfile.TemporaryDirectory(prefix="policylang-") as folder:
        output = Path(folder) / "plan.json"
        try:
            asyncio.run(compile_rules(source, environment, output))
        except RulesRefused as error:
            raise click.ClickException(str(error)) from error
        return _decoded(output)


def _decoded(path: Path) -> plan_model.Plan:
    try:
        return decode(path.read_bytes())
    except PlanRefused as error:
        raise click.ClickException(f"{path}: {error}") from error
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror}") from error
