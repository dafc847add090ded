"""``policylang check``: every complaint about a rule set at once, or about a plan file."""

import sys
from pathlib import Path

import click

from policylang.cli.options import color_option, environment_option, format_option
from policylang.cli.report import errors, report
from policylang.compiler import compile_path
from policylang.plan.codec import decode
from policylang.plan.refused import PlanRefused
from policylang.plan.schema import validate


@click.command("check")
@click.argument("path", metavar="[RULES]", default="rules", type=click.Path(exists=True, path_type=Path))
@environment_option
@click.option(
    "--plan", "as_plan", is_flag=True, help="RULES is a plan file: check it against its schema and its digests."
)
@format_option
@color_option
def command(path: Path, environment: str | None, as_plan: bool, form: str, color: str) -> None:
    """Check a rule set: names, types for every route and issuer, routes that tie, headers with two writers, and more.

    Exit code 1 when there are errors. Without --env, settings have placeholders of their type.

    \b
    Examples:
      policylang check rules/
      policylang check rules/ --env prod --format json
      policylang check plan.json --plan
    """
    if as_plan:
        _check_plan(path)
        return
    result = compile_path(path, environment)
    report(result.diagnostics, result.tree, path, form, color)
    if errors(result.diagnostics):
        sys.exit(1)
    if form == "text":
        files = len(result.tree.files)
        plan = result.plan
        size = (
            "" if plan is None else f": {len(plan.routes)} routes, {len(plan.rules)} rules, {len(plan.issuers)} issuers"
        )
        click.echo(f"{path}: no errors in {files} file{'' if files == 1 else 's'}{size}")


def _check_plan(path: Path) -> None:
    data = path.read_bytes()
    try:
        validate(data)
        plan = decode(data)
    except PlanRefused as error:
        click.echo(f"error: {path}: {error}", err=True)
        sys.exit(1)
    click.echo(f"{path}: a valid plan, semantic digest {plan.semantic}")
