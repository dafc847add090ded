"""``policylang test``: the tests of a rule set, run by the compiled plan and the reference interpreter at once."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from policylang.cli.changes import stamps, wait_for_change
from policylang.cli.measures import Run, add_options, measured
from policylang.cli.options import color_option, environment_option, format_option, several, wants_color
from policylang.cli.progress import Bar
from policylang.cli.report import base_of, errors, report
from policylang.compiler import compile_path
from policylang.diagnostics.render_text import ANSI, PLAIN
from policylang.testing.choose import chosen
from policylang.testing.model import Case, Engines, SuiteResult
from policylang.testing.render_text import render_text
from policylang.testing.suite import cases_of, engines_of, run_suite
from policylang.testing.to_json import to_json
from policylang.testing.to_junit import to_junit

PASSED, FAILED, MISUSED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options as they were given."""

    path: Path
    environment: str | None
    pattern: str | None
    require: bool
    junit: Path | None
    form: str
    color: str


@click.command("test")
@click.argument("path", metavar="[RULES]", default="rules", type=click.Path(exists=True, path_type=Path))
@environment_option
@click.option("--filter", "pattern", metavar="TEXT", help="Only tests whose title has this text, or fits this glob.")
@click.option("--require", is_flag=True, help="Fail when there is no test at all.")
@click.option(
    "--junit", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write a JUnit XML report too."
)
@click.option("--watch", is_flag=True, help="Run again whenever a file of the rule set changes; end with Ctrl-C.")
@add_options
@format_option
@color_option
def command(path: Path, environment: str | None, pattern: str | None, watch: bool, **options: Any) -> None:
    """Run the tests of a rule set: the `test` blocks of its *.rules files, those named *.tests.rules included.

    Each request is decided by the compiled plan and by the reference interpreter; a test fails when an answer is not as
    expected, or when the two disagree. Exit code 1 when a test fails or the rules have errors, 2 when no test fits
    --filter. Secrets have made-up values.

    \b
    Examples:
      policylang test rules/
      policylang test rules/ --env prod --filter "*tenant*"
      policylang test rules/ --require --junit report.xml
    """
    known = {name: options.pop(name) for name in ("require", "junit", "form", "color")}
    wanted = Wanted(path, environment, pattern, **known)
    if watch and wanted.form == "json":
        raise click.UsageError("--watch is for people: --format json gives one report")
    if watch:
        run_and_watch(wanted, options, time.sleep)
    sys.exit(run_all(wanted, options))


def run_all(wanted: Wanted, options: dict[str, Any]) -> int:
    """One run of each rule set; the worst exit code."""
    reported = "junit" if wanted.junit is not None else wanted.form
    return max([run_once(replace(wanted, path=each), options) for each in several(wanted.path, reported)])


def run_and_watch(wanted: Wanted, options: dict[str, Any], sleep: Callable[[float], None]) -> None:
    """Run, wait for a change, run again, until ``sleep`` raises KeyboardInterrupt; then the process ends."""
    code = PASSED
    try:
        while True:
            before = stamps(wanted.path, wanted.junit)
            code = run_all(wanted, options)
            click.echo(f"watching {wanted.path} (Ctrl-C ends)", err=True)
            wait_for_change(lambda: stamps(wanted.path, wanted.junit), before, sleep)
            click.echo("", err=True)
    except KeyboardInterrupt:
        sys.exit(code)


def run_once(wanted: Wanted, options: dict[str, Any]) -> int:
    """One run, told as it was asked for; the exit code."""
    compiled = compile_path(wanted.path, wanted.environment)
    plan, module = compiled.plan, compiled.module
    if plan is None or module is None or wanted.form == "text":
        report(compiled.diagnostics, compiled.tree, wanted.path, wanted.form, wanted.color)
    if plan is None or module is None or errors(compiled.diagnostics):
        return FAILED
    every = cases_of(module)
    cases = chosen(every, wanted.pattern)
    if every and not cases:
        click.echo(f"error: none of {len(every):,} tests fits --filter {wanted.pattern}", err=True)
        return MISUSED
    engines = engines_of(module, plan)
    result = _run(cases, engines)
    run = Run(wanted.path, base_of(wanted.path), compiled.tree, module, plan, cases, engines, result, wanted.color)
    if wanted.junit is not None:
        _write(wanted.junit, to_junit(result, compiled.tree))
    said = measured(run, options)
    _tell(run, wanted, said)
    return (
        PASSED
        if result.passed and all(one.passed for one in said.values()) and (every or not wanted.require)
        else FAILED
    )


def _run(cases: tuple[Case, ...], engines: Engines) -> SuiteResult:
    with Bar("tests", len(cases), Console(stderr=True), time.monotonic) as bar:
        return run_suite(cases, engines, lambda _: bar.advance())


def _tell(run: Run, wanted: Wanted, said: dict[str, Any]) -> None:
    if wanted.form == "json":
        data = {**to_json(run.result, run.tree), **{name: dict(one.data) for name, one in said.items()}}
        click.echo(json.dumps(data, indent=2, default=list))
        return
    paint = ANSI if wants_color(wanted.color, sys.stdout) else PLAIN
    if not run.cases:
        click.echo(f'{run.path}: no tests; write one:  test "title" {{ request GET "/"  expect deny 404 }}')
    else:
        click.echo(render_text(run.result, run.tree, str(run.path), run.base, paint), nl=False, color=paint is ANSI)
    for one in said.values():
        click.echo(one.text, nl=False)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
