"""From a mutant to a plan: the changed file is read again, everything is checked again, and a plan is built.

Law of this file: the tests of the rule set take no part. They are asked of the mutant as they were written for the
original, so a test that names a dropped rule is a test that notices, not a mistake in the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from policylang.check.check import check
from policylang.check.model import CheckedModule
from policylang.ir.lower import lower
from policylang.ir.passes.sequence import run
from policylang.ir.stage import stage
from policylang.mutation.mutant import Mutant
from policylang.plan.build import build
from policylang.plan.model import Plan
from policylang.source.tree import SourceTree
from policylang.syntax import nodes
from policylang.syntax.parse import LANGUAGE, parse_file


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule set that passed the checker, and its plan."""

    module: CheckedModule
    plan: Plan


class Variants:
    """The rule set that mutants are made of. ``settings`` are the values of its environment; None: placeholders."""

    def __init__(self, tree: SourceTree, rule_set: nodes.RuleSet, settings: Mapping[str, str | int] | None) -> None:
        self._tree = tree
        self._rule_set = nodes.RuleSet(tuple(map(_untested, rule_set.files)))
        self._settings = settings

    def original(self) -> Variant:
        """The rule set itself. Raises ValueError where it has errors."""
        found = self._variant(self._rule_set, self._tree)
        if found is None:
            raise ValueError("a rule set with errors has no mutants")
        return found

    def of(self, mutant: Mutant) -> Variant | None:
        """The rule set with a change; None where the checker refuses it."""
        number = mutant.edits[0].span.file
        tree = mutant.applied(self._tree)
        file, _, complaints = parse_file(tree.files[number], number)
        if any(complaint.severity == "error" for complaint in complaints):
            return None
        files = self._rule_set.files
        return self._variant(nodes.RuleSet((*files[:number], _untested(file), *files[number + 1 :])), tree)

    def _variant(self, rule_set: nodes.RuleSet, tree: SourceTree) -> Variant | None:
        module = check(rule_set, tree, self._settings).module
        if module is None:
            return None
        return Variant(module, build(stage(run(lower(module))), tree, LANGUAGE))


def _untested(file: nodes.File) -> nodes.File:
    return replace(file, items=tuple(item for item in file.items if not isinstance(item, nodes.TestItem)))
