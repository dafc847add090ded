"""Linting of texts: what a rule finds, and where."""

from functools import cache

from policylang.compiler import CompileResult, compile_tree
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.render_text import render_text
from policylang.linter.config import Config
from policylang.linter.lint import LintResult, lint
from policylang.linter.model import OptionValue
from policylang.linter.page import framed
from policylang.source.tree import tree_of

AT = 1_767_225_600
"""2026-01-01T00:00:00Z"""


def compiled(text: str, settings: dict[str, str | int] | None = None) -> CompileResult:
    """An example, with what it leaves out, as the compiler sees it."""
    result = _once(text) if settings is None else compile_tree(tree_of({"a.rules": framed(text)}), settings)
    assert result.plan is not None, render_text(result.diagnostics, result.tree.files)
    return result


@cache
def _once(text: str) -> CompileResult:
    return compile_tree(tree_of({"a.rules": framed(text)}), None)


def linted(text: str, config: Config | None = None, at: int | None = None) -> LintResult:
    """An example linted by all rules."""
    return lint(compiled(text), config or Config(), at)


def findings(code: str, text: str, at: int | None = None, **options: OptionValue) -> list[Diagnostic]:
    """What one rule finds, with these options."""
    result = linted(text, Config(options={code: options}), at)
    return [diagnostic for diagnostic in result.diagnostics if diagnostic.code == code]


def places(code: str, text: str, at: int | None = None, **options: OptionValue) -> list[str]:
    """The source text that each finding of one rule points to."""
    tree = compiled(text).tree
    return [tree.text_of(diagnostic.span) for diagnostic in findings(code, text, at, **options)]
