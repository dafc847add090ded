"""Automatic fixes: chosen so that none overlap, applied, compiled again, and proved to keep what the rules mean.

Law of this file: no text leaves it that does not compile, and none whose semantic digest differs, unless a fix in it
said beforehand what changes. What fails together is tried one by one; what fails alone is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from policylang.compiler import CompileResult, compile_tree
from policylang.diagnostics.model import Edit
from policylang.linter.lint import LintResult, lint
from policylang.linter.model import Fix
from policylang.source.tree import SourceTree

ROUNDS = 8
"""A fix may make room for another, so there are several rounds; they end when nothing more can be fixed."""


@dataclass(frozen=True)
class Fixed:
    """``result`` is of the rule set after ``count`` fixes; ``changes`` is what those said that change the digest."""

    result: LintResult
    count: int
    changes: tuple[str, ...]


def fix(result: LintResult) -> Fixed:
    """Apply the fixes of a lint result, and those of what is found after them."""
    count, changes = 0, list[str]()
    for _ in range(ROUNDS):
        if result.plan is None or not result.fixes:
            break
        made, compiled = _proved(apart(list(result.fixes.values())), result)
        if compiled is None:
            break
        count += len(made)
        changes += [each.changes for each in made if each.changes]
        result = lint(compiled, result.config, result.at)
    return Fixed(result, count, tuple(changes))


def apart(fixes: Sequence[Fix]) -> list[Fix]:
    """The fixes without those that touch what an earlier one touches."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for each in fixes:
        if not any(_meet(edit, other) for edit in each.edits for other in taken):
            chosen.append(each)
            taken += each.edits
    return chosen


def applied(tree: SourceTree, fixes: Sequence[Fix]) -> SourceTree:
    """The tree after fixes that do not overlap."""
    by_file: dict[int, list[Edit]] = {}
    for edit in (edit for each in fixes for edit in each.edits):
        by_file.setdefault(edit.span.file, []).append(edit)
    files = [
        replace(source, text=_edited(source.text, by_file[index])) if index in by_file else source
        for index, source in enumerate(tree.files)
    ]
    return replace(tree, files=tuple(files))


def _proved(fixes: Sequence[Fix], before: LintResult) -> tuple[list[Fix], CompileResult | None]:
    """Those of the fixes that keep their word, and what the rule set compiles to with them; None where there are none."""
    compiled: CompileResult | None = None
    made: list[Fix] = []
    for batch in ([each for each in fixes if not each.changes], [each for each in fixes if each.changes]):
        tried = _kept_word([*made, *batch], before) if batch else None
        if tried is not None:
            made, compiled = [*made, *batch], tried
            continue
        for each in batch if len(batch) > 1 else ():
            tried = _kept_word([*made, each], before)
            if tried is not None:
                made, compiled = [*made, each], tried
    return made, compiled


def _kept_word(fixes: Sequence[Fix], before: LintResult) -> CompileResult | None:
    """The rule set with the fixes, if it compiles, and to the same meaning unless one of them changes it."""
    compiled = compile_tree(applied(before.tree, fixes), before.settings)
    if compiled.plan is None or before.plan is None:
        return None
    promised = not any(each.changes for each in fixes)
    return None if promised and compiled.plan.semantic != before.plan.semantic else compiled


def _edited(text: str, edits: Sequence[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _meet(one: Edit, other: Edit) -> bool:
    a, b = one.span, other.span
    return a.file == b.file and ((a.start < b.end and b.start < a.end) or a.start == b.start)


def changed(before: SourceTree, after: SourceTree) -> Mapping[int, str]:
    """The files whose text differs, by index, with their new text."""
    pairs = enumerate(zip(before.files, after.files, strict=True))
    return {index: new.text for index, (old, new) in pairs if old.text != new.text}
