"""Diagnostics on their way to the terminal: one place decides where they go and how they look."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from policylang.cli.options import wants_color
from policylang.cli.version import version
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.pages import Page, compiler_pages
from policylang.diagnostics.render_json import render_json
from policylang.diagnostics.render_sarif import render_sarif
from policylang.diagnostics.render_text import ANSI, PLAIN, render_text
from policylang.source.tree import SourceTree


def report(
    diagnostics: Sequence[Diagnostic],
    tree: SourceTree,
    path: Path,
    form: str,
    color: str,
    pages: Callable[[], Sequence[Page]] = compiler_pages,
) -> None:
    """Print diagnostics: as text to standard error, as JSON or SARIF to standard output (an empty list too).

    ``pages`` gives what SARIF says of the codes.
    """
    base = base_of(path)
    if form == "json":
        click.echo(render_json(diagnostics, tree.files), nl=False)
    elif form == "sarif":
        told = pages() if diagnostics else ()
        click.echo(
            render_sarif(diagnostics, tree.files, told, version=version(), base=base.removeprefix("./")), nl=False
        )
    elif diagnostics:
        paint = ANSI if wants_color(color, sys.stderr) else PLAIN
        click.echo(render_text(diagnostics, tree.files, paint, base), err=True, nl=False, color=True)


def base_of(path: Path) -> str:
    """What stands before the path of a file of the rule set at ``path``, so that it can be opened from here."""
    return f"{path}/" if path.is_dir() else f"{path.parent}/" if path.parent != Path() else ""


def errors(diagnostics: Sequence[Diagnostic]) -> int:
    """How many diagnostics are errors."""
    return sum(diagnostic.severity == "error" for diagnostic in diagnostics)
