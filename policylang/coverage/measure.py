"""The spine of a measurement: goals, the cases run under watch, and both put together."""

from collections.abc import Iterable
from dataclasses import replace

from policylang.coverage.goals import goals_of
from policylang.coverage.report import Coverage
from policylang.coverage.watch import Watch
from policylang.source.tree import SourceTree
from policylang.syntax.parse import parse
from policylang.testing.model import Case, Engines
from policylang.testing.suite import run_case


def measure(tree: SourceTree, cases: Iterable[Case], engines: Engines) -> Coverage:
    """What the cases see of a rule set without errors; whether they pass makes no difference.

    ``engines`` are of the rule set in ``tree``.
    """
    rule_set = parse(tree).rule_set
    watch = Watch(engines.module, rule_set)
    watched = replace(engines, reference="asked", tracer=watch)
    for case in cases:
        run_case(case, watched)
    return Coverage(goals_of(engines.module, rule_set), watch.met, tree)
