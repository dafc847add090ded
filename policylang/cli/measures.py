"""What else a test run is asked for by an option of its own: each measure looks at a finished run and says something.

Law of this file: measures are listed here, in the order in which they speak; each imports what it needs when it is asked.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from policylang.check.model import CheckedModule
from policylang.cli.progress import Bar
from policylang.plan.model import Plan
from policylang.source.tree import SourceTree
from policylang.testing.model import Case, Engines, SuiteResult


@dataclass(frozen=True, slots=True)
class Run:
    """A finished test run. ``base`` is put before the paths of files in text."""

    path: Path
    base: str
    tree: SourceTree
    module: CheckedModule
    plan: Plan
    cases: tuple[Case, ...]
    engines: Engines
    result: SuiteResult
    color: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure says: ``text`` for a terminal, ``data`` under its name in the JSON report."""

    passed: bool
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """``name`` is the option's parameter and the member of the report. ``options`` are added to the command as they stand.

    ``measure`` is called when the option's value is true of itself, with the run and the values of all options.
    """

    name: str
    options: tuple[Callable[[Any], Any], ...]
    measure: Callable[[Run, Mapping[str, Any]], Measured]


def _turned_on_by(*names: str) -> Callable[[click.Context, click.Parameter, bool], bool]:
    """A flag that other options, which are read before, turn on too."""
    return lambda context, _parameter, given: given or any(context.params.get(name) is not None for name in names)


def _coverage(run: Run, values: Mapping[str, Any]) -> Measured:
    from policylang.coverage.measure import measure
    from policylang.coverage.render_text import render_text
    from policylang.coverage.to_json import to_json

    coverage = measure(run.tree, run.cases, run.engines)
    least, percent = values["coverage_min"], coverage.share.percent
    return _against("coverage", percent, least, render_text(coverage, run.base), to_json(coverage))


def _mutation(run: Run, values: Mapping[str, Any]) -> Measured:
    from policylang.mutation.measure import Mutating
    from policylang.mutation.render_text import render_text
    from policylang.mutation.to_json import to_json

    if not run.result.passed:
        return Measured(False, "mutation: not run, as it says nothing where a test fails by itself\n", {})
    mutating = Mutating(run.tree, run.module)
    with Bar("mutants", mutating.total, Console(stderr=True), time.monotonic) as bar:
        mutation = mutating.run(run.cases, values["mutate_limit"], lambda _done: bar.advance())
    text, data = render_text(mutation, run.base), to_json(mutation)
    return _against("mutation", mutation.percent, values["mutate_min"], text, data)


def _against(what: str, percent: float, least: float | None, text: str, data: Mapping[str, Any]) -> Measured:
    if least is None or percent >= least:
        return Measured(True, text, data)
    return Measured(False, f"{text}{what}: {percent:.1f} % is below the minimum of {least:g} %\n", data)


_PERCENT = click.FloatRange(0, 100)

MEASURES: tuple[Measure, ...] = (
    Measure(
        "coverage",
        (
            click.option(
                "--coverage",
                is_flag=True,
                callback=_turned_on_by("coverage_min"),
                help="Say what the tests never looked at: conditions, arms, rules, routes, headers, limits.",
            ),
            click.option(
                "--coverage-min",
                type=_PERCENT,
                metavar="PERCENT",
                is_eager=True,
                help="Measure coverage, and fail when less was seen.",
            ),
        ),
        _coverage,
    ),
    Measure(
        "mutation",
        (
            click.option(
                "--mutate",
                "mutation",
                is_flag=True,
                callback=_turned_on_by("mutate_min", "mutate_limit"),
                help="Change the rules in small ways, one at a time, and say which changes no test notices.",
            ),
            click.option(
                "--mutate-min",
                type=_PERCENT,
                metavar="PERCENT",
                is_eager=True,
                help="Try changes, and fail when fewer were noticed.",
            ),
            click.option(
                "--mutate-limit",
                type=click.IntRange(min=1),
                metavar="N",
                is_eager=True,
                help="Run the tests on N changes only, always the same ones.",
            ),
        ),
        _mutation,
    ),
)


def add_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command function with the options of every measure."""
    for measure in reversed(MEASURES):
        for option in reversed(measure.options):
            command = option(command)
    return command


def measured(run: Run, values: Mapping[str, Any]) -> dict[str, Measured]:
    """What the measures that were asked for say, by name."""
    return {measure.name: measure.measure(run, values) for measure in MEASURES if values.get(measure.name)}
