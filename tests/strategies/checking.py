"""From the source of a generated rule set to a checked module: what the checker refuses is left out, item by item.

Well-typed conditions are refused too where they decide nothing (always true, never reached, in conflict): the codes of
such complaints are ``IDLE``. Any other complaint about an item without a mistake is a bug, of the generator or the checker.
"""

from bisect import bisect_right
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from policylang.check.check import check
from policylang.check.model import CheckedModule
from policylang.diagnostics.model import Diagnostic
from policylang.runtime.ask import Ask
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax.parse import parse
from tests.strategies.asks import asks
from tests.strategies.rule_sets import RuleSet, rule_sets

IDLE = frozenset(
    {
        "R202",
        "R210",
        "R227",
        "R232",
        "R233",
        "R238",
        "R241",
        "R242",
        "R244",
        "R246",
        "R247",
        "R248",
        "R249",
        "R503",
        "R505",
        "R506",
    }
)
"""Of conditions and arms that cannot tell two requests apart, and of policies that cannot be counted or merged."""

CASCADE = frozenset({"R200", "R211", "R214", "R252", "R280", "R281", "R282", "R283", "R308", "R730"})
"""Of items that named, or were needed by, what was left out."""


@dataclass(frozen=True)
class Kept:
    """The module of the items that were kept, their tree, and the complaint about each item that was not."""

    module: CheckedModule
    tree: SourceTree
    items: tuple[str, ...]
    dropped: dict[str, Diagnostic]


def diagnose(items: tuple[str, ...], rule_set: RuleSet) -> tuple[CheckedModule | None, SourceTree, list[Diagnostic]]:
    """The module of some items, or the errors."""
    return judged(tree_of({"a.rules": rule_set.text(items)}))


def judged(tree: SourceTree) -> tuple[CheckedModule | None, SourceTree, list[Diagnostic]]:
    """The module of a tree, or the errors."""
    parsed = parse(tree)
    if not parsed.ok:
        return None, tree, list(parsed.diagnostics)
    result = check(parsed.rule_set, tree, None)
    return result.module, tree, [found for found in result.diagnostics if found.severity == "error"]


def kept(rule_set: RuleSet) -> Kept:
    """Check, leave out what is complained of, and check again until nothing is."""
    items, dropped = rule_set.items, dict[str, Diagnostic]()
    while True:
        module, tree, errors = diagnose(items, rule_set)
        if module is not None:
            return Kept(module, tree, items, dropped)
        at = starts(items)
        blamed = {bisect_right(at, error.span.start) - 1: error for error in reversed(errors)}
        assert blamed, "refused without a complaint"
        dropped |= {items[index]: error for index, error in blamed.items()}
        items = tuple(item for index, item in enumerate(items) if index not in blamed)


def starts(items: tuple[str, ...]) -> list[int]:
    """Where each item begins in the source of all."""
    found, here = [], len("language 1\n")
    for item in items:
        found.append(here)
        here += len(item) + 1
    return found


REQUESTS = 8


@dataclass(frozen=True)
class Case:
    """A rule set, what was kept of it, and requests for the routes that were."""

    rule_set: RuleSet
    kept: Kept
    questions: list[Ask]


@st.composite
def cases(draw: DrawFn, count: int = REQUESTS) -> Case:
    """A case with so many requests."""
    rule_set = draw(rule_sets())
    found = kept(rule_set)
    routes = [route for route in rule_set.routes if route.name in found.module.routes]
    return Case(rule_set, found, asks(draw, rule_set.schema, routes or rule_set.routes, count))


def module_of(text: str) -> tuple[CheckedModule, SourceTree]:
    """The checked module of a text that has no error."""
    module, tree, errors = judged(tree_of({"a.rules": text}))
    assert module is not None, errors
    return module, tree
