"""Diagnostics on their way to the terminal: one place decides where they go and how they look."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from policylang.cli.options import wants_color
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.render_json import render_json
from policylang.diagnostics.render_text import ANSI, PLAIN, render_text
from policylang.source.tree import SourceTree


def report(diagnostics: Sequence[Diagnostic], tree: SourceTree, path: Path, form: str, color: str) -> None:
    """Print diagnostics: as text to standard error, as JSON to standard output (an empty list too)."""
    if form == "json":
        click.echo(render_json(diagnostics, tree.files), nl=False)
    elif diagnostics:
        paint = ANSI if wants_color(color, sys.stderr) else PLAIN
        base = f"{path}/" if path.is_dir() else f"{path.parent}/" if path.parent != Path() else ""
        click.echo(render_text(diagnostics, tree.files, paint, base), err=True, nl=False, color=True)


def errors(diagnostics: Sequence[Diagnostic]) -> int:
    """How many diagnostics are errors."""
    return sum(diagnostic.severity == "error" for diagnostic in diagnostics)
