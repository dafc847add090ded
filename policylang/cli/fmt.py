"""``policylang fmt``: rule files in the one style, in place, each written whole or not at all."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from policylang.cli.diffs import unified
from policylang.cli.options import color_option
from policylang.cli.report import report
from policylang.formatter.format import FormatResult, Formatted, format_tree
from policylang.formatter.proof import FormatterBroken
from policylang.source.tree import SourceTree, read_tree, tree_of_bytes
from policylang.source.write import NotWritten, replace_text

STDIN = Path("-")


@click.command("fmt")
@click.argument("paths", metavar="[RULES]...", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; name the files that are laid out otherwise.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@color_option
def command(paths: tuple[Path, ...], check: bool, diff: bool, color: str) -> None:
    """Put rule files in the one style: directories and files, `rules` without any; - is standard input to output.

    Each result is parsed and compared with what was read before anything is written. Exit code 1 when a file does not
    parse, which is then left as it is, and with --check or --diff when a file would change.

    \b
    Examples:
      policylang fmt rules/
      policylang fmt --check rules/
      policylang fmt --diff rules/orders.rules
      policylang fmt - < orders.rules
    """
    paths = paths or (Path("rules"),)
    if STDIN in paths and len(paths) > 1:
        raise click.UsageError("- stands alone: standard input goes to standard output")
    # A process that ends soon has no use for a collector, and trees are many small objects.
    gc.disable()
    made = [_format(path, color) for path in paths]
    results, unparsed = [result for result, _ in made], sum(missing for _, missing in made)
    changed = [
        (path, file) for path, result in zip(paths, results, strict=True) for file in result.files if file.changed
    ]
    if diff:
        for path, file in changed:
            name = _named(path, file)
            click.echo(unified(file.source.text, file.text, name, name), nl=False)
    if check and not diff:
        for path, file in changed:
            click.echo(_named(path, file))
    if not check and not diff:
        _write_all(paths, results, changed, unparsed)
    if any(result.diagnostics for result in results) or ((check or diff) and changed):
        sys.exit(1)


def _format(path: Path, color: str) -> tuple[FormatResult, int]:
    """Format what a path stands for; complaints go to standard error at once. With it how many files were not taken."""
    tree = _read(path)
    try:
        result = format_tree(tree)
    except FormatterBroken as error:
        raise click.ClickException(f"{path}: {error}") from error
    report(result.diagnostics, tree, Path("<stdin>") if path == STDIN else path, "text", color)
    return result, len(tree.files) - len(result.files)


def _read(path: Path) -> SourceTree:
    if path != STDIN:
        return read_tree(path)
    return tree_of_bytes("<stdin>", sys.stdin.buffer.read())


def _named(path: Path, file: Formatted) -> str:
    """A file by the name that the command was given for it."""
    if path == STDIN:
        return file.source.path
    return str(path / file.source.path) if path.is_dir() else str(path)


def _write_all(
    paths: Sequence[Path],
    results: Sequence[FormatResult],
    changed: Sequence[tuple[Path, Formatted]],
    unparsed: int,
) -> None:
    files = [file for result in results for file in result.files]
    if STDIN in paths:
        for file in files:
            sys.stdout.buffer.write(file.text.encode())
        return
    for path, file in changed:
        _write(path, file)
        click.echo(f"{_named(path, file)}: formatted")
    total = len(files) + unparsed
    left = f"; {unparsed} left as {'it is' if unparsed == 1 else 'they are'}, see above" if unparsed else ""
    click.echo(f"{len(changed)} of {total} file{'' if total == 1 else 's'} formatted{left}")


def _write(path: Path, file: Formatted) -> None:
    try:
        replace_text(path if path.is_dir() else path.parent, file.source, file.text)
    except NotWritten as reason:
        raise click.ClickException(f"{_named(path, file)} {reason}") from reason
