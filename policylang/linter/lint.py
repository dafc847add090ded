"""The linter's spine: read, compile, configure, check by every rule, put suppressions to work. No logic of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from policylang.compiler import CompileResult, compile_path
from policylang.diagnostics.model import Diagnostic, Label
from policylang.linter import suppressions
from policylang.linter.catalogue import RULES
from policylang.linter.config import Config, read_config
from policylang.linter.model import Finding, Fix, LintRule, Severity
from policylang.linter.subject import Subject
from policylang.plan.model import Plan
from policylang.source.tree import SourceTree


@dataclass(frozen=True)
class LintResult:
    """What became of a rule set.

    ``diagnostics`` are the findings in the order of the source, or what stopped the linter: then ``plan`` is None.
    ``fixes`` belong to diagnostics by their index. ``allowed`` are findings that a suppression covers, with its reason.
    ``config`` and ``at`` are what was judged by.
    """

    diagnostics: tuple[Diagnostic, ...]
    tree: SourceTree
    plan: Plan | None = None
    settings: Mapping[str, str | int] = field(default_factory=dict)
    fixes: Mapping[int, Fix] = field(default_factory=dict)
    allowed: tuple[tuple[Diagnostic, str], ...] = ()
    config: Config = field(default_factory=Config)
    at: int | None = None


def lint_path(path: Path, environment: str | None = None, at: int | None = None) -> LintResult:
    """Lint a directory or a file; ``at`` is the instant that rules about expiry judge by (seconds since 1970)."""
    compiled = compile_path(path, environment)
    if compiled.module is None or compiled.parsed is None:
        return LintResult(compiled.diagnostics, compiled.tree)
    config = read_config(compiled.tree.root, RULES, len(compiled.tree.files))
    if config.diagnostics:
        shown = () if config.source is None else (config.source,)
        return LintResult(config.diagnostics, replace(compiled.tree, files=(*compiled.tree.files, *shown)))
    return lint(compiled, config.config, at)


def lint(compiled: CompileResult, config: Config, at: int | None, rules: Sequence[LintRule] = RULES) -> LintResult:
    """Lint a rule set that compiled without errors."""
    if compiled.module is None or compiled.parsed is None:
        return LintResult(compiled.diagnostics, compiled.tree)
    subject = Subject(compiled.module, compiled.parsed.rule_set, compiled.tree, compiled.parsed.trivia, at)
    running = [rule for rule in rules if config.of(rule) != "off"]
    found = [pair for rule in running for pair in _run(rule, subject, config)]
    order = sorted(range(len(found)), key=lambda index: (found[index][0].span, found[index][0].code))
    sorted_ = suppressions.sort(
        [found[index][0] for index in order],
        suppressions.read(subject.tree, subject.trivia),
        subject.tree,
        frozenset(rule.code for rule in rules),
        frozenset(rule.code for rule in running),
    )
    by_identity = {id(diagnostic): fix for diagnostic, fix in found if fix is not None}
    by_identity |= {id(diagnostic): Fix(diagnostic.edits) for diagnostic in sorted_.complaints if diagnostic.edits}
    diagnostics = sorted(
        (*sorted_.kept, *sorted_.complaints), key=lambda diagnostic: (diagnostic.span, diagnostic.code)
    )
    return LintResult(
        tuple(diagnostics),
        subject.tree,
        compiled.plan,
        subject.module.settings,
        {i: by_identity[id(each)] for i, each in enumerate(diagnostics) if id(each) in by_identity},
        sorted_.allowed,
        config,
        at,
    )


def _run(rule: LintRule, subject: Subject, config: Config) -> list[tuple[Diagnostic, Fix | None]]:
    """The findings of one rule as diagnostics of the severity it has, one for each place."""
    severity = config.of(rule)
    if severity == "off":
        return []
    seen: dict[object, tuple[Diagnostic, Fix | None]] = {}
    for finding in rule.check(subject, config.options_of(rule)):
        seen.setdefault(finding.span, (_diagnostic(rule, finding, severity), finding.fix))
    return list(seen.values())


def _diagnostic(rule: LintRule, finding: Finding, severity: Severity) -> Diagnostic:
    return Diagnostic(
        rule.code,
        finding.title,
        (Label(finding.span, finding.label), *finding.more),
        help=finding.help,
        notes=finding.notes,
        severity=severity,
        edits=() if finding.fix is None else finding.fix.edits,
    )
