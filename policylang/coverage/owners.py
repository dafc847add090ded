"""Who has conditions: rules and arms of selects, each with its typed condition beside the places of what was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from policylang.check import model
from policylang.check.expr_cases import Case
from policylang.coverage.conditions import Atom, Fact, Whole, atoms, exception_of, mentioned, wholes
from policylang.coverage.possible import cases
from policylang.source.spans import Span
from policylang.syntax import nodes

Step = Literal["deny", "allow", "select", "shadow"]
"""When a condition is looked at: an allow only where no deny stops the request, an arm only where an allow holds."""


@dataclass(frozen=True)
class Owner:
    """A condition and whose it is. ``given`` is what holds whenever it is looked at; ``among`` who may ask."""

    name: str
    step: Step
    condition: model.TypedExpr
    when: nodes.Expr
    unless: nodes.Expr | None
    given: tuple[Fact, ...]
    among: tuple[Case, ...]

    @cached_property
    def _exception(self) -> model.Not | None:
        return exception_of(self.condition, None if self.unless is None else self.unless.span)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """The atoms of the condition."""
        return tuple(atoms(self.condition, self.given, self._exception))

    @cached_property
    def wholes(self) -> tuple[Whole, ...]:
        """The whole ``when`` and ``unless``, where they are more than one atom that is written there."""
        written = {one.span: one for one in (self.when, self.unless) if one is not None}
        found = wholes(self.condition, self.when.span, self._exception)
        return tuple(whole for whole in found if _has_parts(written[whole.span]))


def _has_parts(expr: nodes.Expr) -> bool:
    while isinstance(expr, nodes.Not):
        expr = expr.operand
    return isinstance(expr, nodes.And | nodes.Or | nodes.LetRef)


def owners(module: model.CheckedModule, rule_set: nodes.RuleSet) -> tuple[Owner, ...]:
    """Every condition of a rule set with whose it is: rules first, then arms."""
    items = [item for file in rule_set.files for item in file.items]
    rules = {item.name.text: item for item in items if isinstance(item, nodes.Rule)}
    arms = {arm.span: arm for item in items if isinstance(item, nodes.Select) for arm in item.arms}
    return (*_of_rules(module, rules), *_of_arms(module, arms))


def _of_rules(module: model.CheckedModule, written: Mapping[str, nodes.Rule]) -> Iterator[Owner]:
    for rule in module.rules:
        when = written[rule.name].when
        if rule.condition is None or when is None:
            continue
        step: Step = "shadow" if rule.effect.startswith("shadow") else "allow" if rule.effect == "allow" else "deny"
        given = stops(module, rule) if step == "allow" else ()
        among = askers(module, rule)
        yield Owner(f"{rule.effect} {rule.name}", step, rule.condition, when, written[rule.name].unless, given, among)


def _of_arms(module: model.CheckedModule, written: Mapping[Span, nodes.Arm]) -> Iterator[Owner]:
    for select in module.selects:
        given: tuple[Fact, ...] = ()
        among = cases(module, select.routes)
        for arm in select.arms:
            when = written[arm.span].when
            if arm.when is None or when is None:
                continue
            yield Owner(select_name(select), "select", arm.when, when, None, given, among)
            if not select.every:
                given = (*given, (arm.when, False))


def select_name(select: model.Select) -> str:
    """A select as it begins."""
    return "select policies" if select.every else "select policy"


def askers(module: model.CheckedModule, rule: model.Rule) -> tuple[Case, ...]:
    """Who can ask a rule: nobody where a deny that always holds is before an allow."""
    stopped = rule.effect == "allow" and any(
        other.effect == "deny" and other.condition is None and covers(other, rule) for other in module.rules
    )
    return () if stopped else cases(module, rule.routes)


def stops(module: model.CheckedModule, allow: model.Rule) -> tuple[Fact, ...]:
    """The denies that are false whenever this allow is looked at, as far as they speak of what it speaks of."""
    named = frozenset[tuple[str, str]]() if allow.condition is None else mentioned(allow.condition)
    return tuple(
        (rule.condition, False)
        for rule in module.rules
        if rule.effect == "deny"
        and rule.condition is not None
        and covers(rule, allow)
        and not named.isdisjoint(mentioned(rule.condition))
    )


def covers(one: model.Rule, other: model.Rule) -> bool:
    """Whether every request that a rule is asked of, another one is asked of too."""
    methods = not one.methods or (bool(other.methods) and set(other.methods) <= set(one.methods))
    return methods and set(other.routes) <= set(one.routes)
