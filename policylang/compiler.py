"""The compiler's spine: read, parse, check, lower, passes, stage, build, verify, validate. No logic of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from policylang.check.certain import certain
from policylang.check.check import check
from policylang.check.constants import NO_PLACES
from policylang.check.model import CheckedModule
from policylang.diagnostics.environment_errors import environment_troubles
from policylang.diagnostics.model import Diagnostic
from policylang.ir.lower import lower
from policylang.ir.passes.sequence import run
from policylang.ir.stage import stage
from policylang.ir.verify import verify
from policylang.plan.build import build_document
from policylang.plan.model import Plan
from policylang.plan.schema import validate
from policylang.source.environment import Environment, read_environment
from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.tree import SourceTree, read_tree
from policylang.syntax.parse import LANGUAGE, ParseResult, parse


@dataclass(frozen=True)
class CompileResult:
    """What became of a rule set: ``plan``, its ``document`` and the ``module`` it was made of, or errors among the
    ``diagnostics``. Spans are of ``tree``, which ends with the environment's file where that was complained of.
    ``placeholders`` are the settings that have no value of an environment: a plan with any is for looking at.
    ``parsed`` is what the author wrote, for tools that look at it; it comes with the module.
    """

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    tree: SourceTree
    module: CheckedModule | None = None
    document: bytes = b""
    placeholders: tuple[str, ...] = ()
    parsed: ParseResult | None = None


def compile_path(path: Path, environment: str | None = None) -> CompileResult:
    """Compile a directory or a file with the settings of ``env/ENVIRONMENT.toml``; None: placeholders of their type."""
    tree = read_tree(path)
    if environment is None:
        return compile_tree(tree, None)
    values = read_environment(tree.root, environment)
    if values.troubles:
        return _without_environment(tree, values)
    end = len(tree.files)
    result = compile_tree(tree, values.values, values.places(end))
    spoken_of = any(label.span.file == end for diagnostic in result.diagnostics for label in diagnostic.labels)
    return replace(result, tree=_beside(tree, values)) if spoken_of else result


def compile_tree(
    tree: SourceTree, settings: Mapping[str, str | int] | None, places: Mapping[str, Span] = NO_PLACES
) -> CompileResult:
    """Compile a source tree; ``settings`` None: placeholders of their type. ``places`` are of their names in their file.

    Raises:
        PlanBroken, PlanRefused: the compiler made a plan that breaks its own rules, which is a bug.
    """
    parsed = parse(tree)
    checked = check(parsed.rule_set, tree, settings, places)
    if not parsed.ok:
        found = (*parsed.diagnostics, *certain(checked.diagnostics))
        return CompileResult(None, tuple(sorted(found, key=lambda diagnostic: diagnostic.span)), tree)
    diagnostics = (*parsed.diagnostics, *checked.diagnostics)
    if checked.module is None:
        return CompileResult(None, diagnostics, tree)
    plan, document = build_document(stage(run(lower(checked.module))), tree, LANGUAGE)
    verify(plan)
    validate(document)
    placeholders = () if settings is not None else tuple(checked.module.settings)
    return CompileResult(plan, diagnostics, tree, checked.module, document, placeholders, parsed)


def _without_environment(tree: SourceTree, environment: Environment) -> CompileResult:
    """Complaints about an environment alone: without its values nothing can be said of the rules."""
    diagnostics = environment_troubles(environment, len(tree.files))
    return CompileResult(None, diagnostics, _beside(tree, environment))


def _beside(tree: SourceTree, environment: Environment) -> SourceTree:
    """The tree with the environment's file behind its own, for complaints that point into it."""
    source = environment.source or SourceText(environment.path, "", readable=False)
    return replace(tree, files=(*tree.files, source))
