"""Which rules meet: routes and methods that two of them share."""

from collections.abc import Iterator, Mapping

from policylang.check.model import Rule
from policylang.linter.subject import Subject

MOST = 64
"""So many rules of one route are compared with each other; beyond that a rule is compared with the first ones by name."""


def rivals(rule: Rule, by_route: Mapping[str, tuple[Rule, ...]]) -> Iterator[Rule]:
    """The other rules that are in scope on all routes of ``rule``, or may be: those of the route that has the fewest."""
    fewest = min((by_route[route] for route in rule.routes), key=len, default=())
    return (other for other in fewest[:MOST] if other is not rule)


def at_least_as_wide(other: Rule, rule: Rule, subject: Subject) -> bool:
    """Whether ``other`` is for every route and method that ``rule`` is for."""
    if not frozenset(rule.routes) <= frozenset(other.routes):
        return False
    return all(subject.methods(rule, route) <= subject.methods(other, route) for route in rule.routes)


def for_good(other: Rule, rule: Rule, subject: Subject) -> bool:
    """Whether ``other`` will reach every route that ``rule`` will: a wide scope takes in routes that are added later."""
    mine, theirs = (subject.rule_nodes[each.name].scope for each in (rule, other))
    if mine.kind == "names" or theirs.kind == "all":
        return True
    return mine.kind == theirs.kind and {name.text for name in mine.names} <= {name.text for name in theirs.names}


def is_wide(rule: Rule, subject: Subject) -> bool:
    """Whether a rule is for all routes of some kind, those that are added later too."""
    return subject.rule_nodes[rule.name].scope.kind != "names"
