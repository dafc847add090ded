"""What the checker can prove of the rules a mutant is made of: where no request could tell, there is no mutant to count.

Law of this file: sound and incomplete, as the checker is. A mutant is left out only where two answers that differ are
proved impossible; facts that cannot be had are not looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

from policylang.check import model
from policylang.check.expr_cases import Case
from policylang.coverage.possible import cases, possible
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.terms import Enum, SetOf

Fact = tuple[model.TypedExpr, bool]


class Proofs:
    """Proofs about one checked rule set."""

    def __init__(self, module: model.CheckedModule) -> None:
        self._module = module
        self._on = cache(lambda route: cases(module, (route,)))
        self._rules = {(rule.effect, rule.name): rule for rule in module.rules}

    def together(self, facts: Sequence[Fact], routes: Iterable[str]) -> bool:
        """Whether on some of the routes a request may give all the conditions their values."""
        for route in routes:
            grants = self._grants(route)
            known = [(_granted(expr, grants), wanted) for expr, wanted in facts]
            if any(isinstance(expr, bool) and expr is not wanted for expr, wanted in known):
                continue
            if possible([(expr, wanted) for expr, wanted in known if not isinstance(expr, bool)], self._on(route)):
                return True
        return False

    def may_hold(self, rule: nodes.Rule, route: str) -> bool:
        """Whether a rule could be true of some request on a route, were the route in its scope."""
        known = self._rules[rule.effect, rule.name.text]
        methods = {method for pattern in self._module.routes[route].patterns for method in pattern.methods}
        if known.methods and methods.isdisjoint(known.methods):
            return False
        return known.condition is None or self.together([(known.condition, True)], (route,))

    def may_set(self, operation: nodes.SetHeader, route: str) -> bool:
        """Whether a header line could be written on a route; one that is left out where its value is absent may not be."""
        known = next(header for header in self._module.set_headers if _within(header.span, operation.span))
        if known.omit != "absent":
            return True
        refs = [known.value.ref] if isinstance(known.value, model.Joined) else []
        if isinstance(known.value, model.Template):
            refs = [part for part in known.value.parts if isinstance(part, model.Ref)]
        return any(all(_may_be_there(ref, case) for ref in refs) for case in self._on(route))

    def exclusive(self, first: nodes.Arm, second: nodes.Arm) -> bool:
        """Whether no request could take both of two arms of a select."""
        for select in self._module.selects:
            typed = {arm.span: arm.when for arm in select.arms}
            if first.span in typed and second.span in typed:
                facts = [(when, True) for when in (typed[first.span], typed[second.span]) if when is not None]
                return not self.together(facts, select.routes)
        return False

    def typed(self, owner: nodes.Rule | nodes.Arm) -> tuple[dict[Span, model.TypedExpr], tuple[str, ...]]:
        """The typed nodes of a rule's or an arm's condition by their places, and the routes that it is asked on."""
        if isinstance(owner, nodes.Rule):
            rule = self._rules[owner.effect, owner.name.text]
            return dict(_nodes(rule.condition)), rule.routes
        for select in self._module.selects:
            for arm in select.arms:
                if arm.span == owner.span:
                    return dict(_nodes(arm.when)), select.routes
        return {}, ()

    def _grants(self, route: str) -> frozenset[str]:
        """What any policy that may be selected on a route grants."""
        names: set[str] = set()
        for select in self._module.selects:
            if route in select.routes:
                names |= {select.otherwise} if select.otherwise is not None else set()
                for arm in select.arms:
                    names |= {arm.policy} if isinstance(arm.policy, str) else _values(arm.policy)
        policies = self._module.policies
        return frozenset(grant for name in names if name in policies for grant in policies[name].grants)


def _within(inner: Span, outer: Span) -> bool:
    return inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end


def _values(ref: model.Ref) -> set[str]:
    term = ref.type.item if isinstance(ref.type, SetOf) else ref.type
    return set(term.values) if isinstance(term, Enum) else set()


def _may_be_there(ref: model.Ref, case: Case) -> bool:
    return ref.root not in {"claims", "metadata"} or (
        case.issuer is not None and (ref.root == "metadata" or ref.name in case.claims)
    )


def _granted(expr: model.TypedExpr, grants: frozenset[str]) -> model.TypedExpr | bool:
    """A condition in which grants that no policy gives are not there: what is left of it, or its value."""
    match expr:
        case model.In(item=model.Lit(value=str() as value), container=model.Ref(root="policy")):
            return expr if value in grants else False
        case model.Not(operand=operand):
            inner = _granted(operand, grants)
            return not inner if isinstance(inner, bool) else replace(expr, operand=inner)
        case model.And(operands=operands) | model.Or(operands=operands):
            decisive = isinstance(expr, model.Or)
            parts = [_granted(operand, grants) for operand in operands]
            left = tuple(part for part in parts if not isinstance(part, bool))
            if decisive in [part for part in parts if isinstance(part, bool)]:
                return decisive
            return replace(expr, operands=left) if left else not decisive
        case _:
            return expr


def _nodes(expr: Any) -> Iterator[tuple[Span, Any]]:
    if isinstance(expr, tuple):
        for one in expr:
            yield from _nodes(one)
    elif isinstance(expr, model.Typed):
        yield expr.span, expr
        for part in fields(expr):
            yield from _nodes(getattr(expr, part.name))
