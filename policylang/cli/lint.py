"""``policylang lint``: what compiles and may still not be meant; fixes, and the pages of the rules."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from policylang.cli.ask_input import instant
from policylang.cli.diffs import unified
from policylang.cli.options import color_option, environment_option, scan_format_option, several
from policylang.cli.report import base_of, report
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.pages import Page, compiler_pages
from policylang.diagnostics.suggest import did_you_mean
from policylang.linter.fix import Fixed, changed, fix
from policylang.linter.lint import LintResult, lint_path
from policylang.linter.page import pages
from policylang.source.tree import SourceTree
from policylang.source.write import NotWritten, replace_text


@click.command("lint")
@click.argument("path", metavar="[RULES]", default="rules", type=click.Path(exists=False, path_type=Path))
@environment_option
@click.option("--at", metavar="INSTANT", help="Find what has ended by then, such as 2026-01-31T12:00:00Z.")
@click.option("--strict", is_flag=True, help="Notes count too: exit code 1 for any finding.")
@click.option("--fix", "mode", flag_value="fix", help="Apply the automatic fixes, and report what is left.")
@click.option("--diff", "mode", flag_value="diff", help="Show what --fix would do; nothing is written.")
@click.option("--explain", metavar="CODE", help="Print the page of a rule, such as L008, and do nothing else.")
@scan_format_option
@color_option
def command(
    path: Path,
    environment: str | None,
    at: str | None,
    strict: bool,
    mode: str | None,
    explain: str | None,
    form: str,
    color: str,
) -> None:
    """Find what compiles and may still not be meant: rules that decide nothing, trust that is too wide, tokens that live
    too long, personal data where it is kept, and more. `lint.toml` in the rule set's directory sets severities and
    options; a comment `# lint: allow L008 reason` allows one finding.

    Exit code 1 for findings of severity warning and above, and for errors of the rules themselves.

    \b
    Examples:
      policylang lint rules/
      policylang lint rules/ --diff
      policylang lint rules/ --strict --format sarif > lint.sarif
      policylang lint --explain L008
    """
    if explain is not None:
        click.echo(_page(explain))
        return
    if not path.exists():
        raise click.UsageError(f"path '{path}' does not exist")
    now = None if at is None else instant(at) // 1_000_000
    clean = [_lint(each, environment, now, strict, mode, form, color) for each in several(path, form)]
    if not all(clean):
        sys.exit(1)


def _lint(
    path: Path, environment: str | None, now: int | None, strict: bool, mode: str | None, form: str, color: str
) -> bool:
    """One rule set, and whether nothing was found that counts."""
    result = lint_path(path, environment, now)
    if mode is not None and result.plan is not None:
        fixed = fix(result)
        if mode == "diff":
            click.echo(_diff(result.tree, fixed.result.tree, base_of(path)), nl=False)
        else:
            _write(result.tree, fixed)
            result = fixed.result
    report(result.diagnostics, result.tree, path, form, color, _all_pages)
    if any(diagnostic.severity != "note" or strict for diagnostic in result.diagnostics):
        return False
    if form == "text" and mode != "diff":
        click.echo(_summary(path, result))
    return True


def _all_pages() -> Sequence[Page]:
    return (*compiler_pages(), *pages())


def _page(asked: str) -> str:
    """The page of a rule that is asked for by its code or its name."""
    known = {page.code: page for page in pages()}
    named = {page.name: page for page in known.values()}
    page = known.get(asked.upper()) or named.get(asked.lower())
    if page is None:
        if asked.upper() in {one.code for one in compiler_pages()}:
            code = asked.upper()
            raise click.UsageError(f"{code} is a complaint of the compiler: policylang check --explain {code}")
        near = did_you_mean(asked.upper(), known) or did_you_mean(asked.lower(), named)
        raise click.UsageError(f"no lint rule is called {asked!r}" + (f"; did you mean {near}?" if near else ""))
    return f"# {page.code}: {page.name}\n\n{page.text}".rstrip("\n")


def _diff(before: SourceTree, after: SourceTree, base: str) -> str:
    shown = ""
    for index, text in changed(before, after).items():
        source = before.files[index]
        name = f"{base.removeprefix('./')}{source.path}"
        shown += unified(source.text, text, f"a/{name}", f"b/{name}")
    return shown


def _write(before: SourceTree, fixed: Fixed) -> None:
    """Write each changed file, and say on standard error what was done."""
    texts = changed(before, fixed.result.tree)
    for index, text in texts.items():
        source = before.files[index]
        if before.root is None:
            raise click.ClickException("these rules have no directory to be written to")
        try:
            replace_text(before.root, source, text)
        except NotWritten as reason:
            raise click.ClickException(f"{source.path} {reason}; it is left as it is") from reason
    if texts:
        click.echo(f"{_count(fixed.count, 'fix', 'es')} in {_count(len(texts), 'file')}", err=True)
        for change in fixed.changes:
            click.echo(f"  the plan changes: {change}", err=True)
    else:
        click.echo("nothing to fix", err=True)


def _summary(path: Path, result: LintResult) -> str:
    files = _count(len(result.tree.files), "file")
    allowed = f"; {_count(len(result.allowed), 'finding')} allowed by comments" if result.allowed else ""
    return f"{path}: {_worst(result.diagnostics)} in {files}{allowed}"


def _worst(diagnostics: Sequence[Diagnostic]) -> str:
    return "no findings" if not diagnostics else "nothing but notes"


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else plural}"
