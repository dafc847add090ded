"""``policylang check``: every complaint about a rule set at once, or about a plan file."""

import sys
from pathlib import Path

import click

from policylang.cli.options import color_option, environment_option, scan_format_option, several
from policylang.cli.page import compiler_page
from policylang.cli.report import errors, report
from policylang.compiler import compile_path
from policylang.plan.codec import decode
from policylang.plan.refused import PlanRefused
from policylang.plan.schema import validate

PLAN_BEGINS = b'{\n"files":['


@click.command("check")
@click.argument("path", metavar="[RULES]", default="rules", type=click.Path(path_type=Path))
@environment_option
@click.option(
    "--plan", "as_plan", is_flag=True, help="RULES is a plan file: check it against its schema and its digests."
)
@click.option(
    "--explain", "code", metavar="CODE", help="Print the page of a diagnostic, such as R204, and do nothing else."
)
@scan_format_option
@color_option
def command(path: Path, environment: str | None, as_plan: bool, code: str | None, form: str, color: str) -> None:
    """Check a rule set: names, types for every route and issuer, routes that tie, headers with two writers, and more.

    Exit code 1 when there are errors. Without --env, settings have placeholders of their type.

    \b
    Examples:
      policylang check rules/
      policylang check rules/ --env prod --format json
      policylang check rules/ --format sarif > rules.sarif
      policylang check plan.json --plan
      policylang check --explain R204
    """
    if code is not None:
        click.echo(compiler_page(code), nl=False)
        return
    if not path.exists():
        raise click.UsageError(f"path '{path}' does not exist")
    if as_plan:
        _check_plan(path)
        return
    _refuse_json(path)
    clean = [_check(each, environment, form, color) for each in several(path, form)]
    if not all(clean):
        sys.exit(1)


def _check(path: Path, environment: str | None, form: str, color: str) -> bool:
    """One rule set, and whether it has no errors."""
    result = compile_path(path, environment)
    report(result.diagnostics, result.tree, path, form, color)
    if errors(result.diagnostics):
        return False
    if form == "text":
        files = len(result.tree.files)
        plan = result.plan
        size = (
            "" if plan is None else f": {len(plan.routes)} routes, {len(plan.rules)} rules, {len(plan.issuers)} issuers"
        )
        click.echo(f"{path}: no errors in {files} file{'' if files == 1 else 's'}{size}")
    return True


def _refuse_json(path: Path) -> None:
    """A plan among rules would be an error for each of its lines; no rule begins as JSON does."""
    try:
        with path.open("rb") as file:
            begins = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError:
        return  # a directory, or a file of which the compiler says that it cannot be read
    if begins.startswith(PLAN_BEGINS):
        raise click.UsageError(f"{path} is a compiled plan, not rules: policylang check {path} --plan")
    if begins.startswith((b"{", b"[")):
        raise click.UsageError(
            f"{path} is JSON, and rules are not: name a directory or a .rules file, or add --plan if it is to be a plan"
        )


def _check_plan(path: Path) -> None:
    if path.is_dir():
        raise click.UsageError(f"{path} is a directory: --plan checks one plan file, as policylang compile writes it")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error
    try:
        validate(data)
        plan = decode(data)
    except PlanRefused as error:
        click.echo(f"error: {path}: {error}", err=True)
        sys.exit(1)
    click.echo(f"{path}: a valid plan, semantic digest {plan.semantic}")
