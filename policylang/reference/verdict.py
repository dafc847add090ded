"""Allows, denies and shadows: which rules hold, and what follows from that."""

from dataclasses import dataclass

from policylang.check.model import CheckedModule, Route, Rule
from policylang.reference.evaluate import truth
from policylang.reference.values import FAULT, Facts, Truth
from policylang.runtime.decision import DecisionKind

Held = list[tuple[Rule, Truth]]


@dataclass(frozen=True)
class Ruling:
    """What the rules say. ``kind`` "allow": an allow is true and every deny is false."""

    kind: DecisionKind
    rule: str | None = None
    faults: tuple[str, ...] = ()
    acr: tuple[str, ...] = ()


def in_scope(module: CheckedModule, route: Route, method: str) -> list[Rule]:
    """The rules that cover a route and method, by name."""
    covering = [r for r in module.rules if route.name in r.routes and (not r.methods or method in r.methods)]
    return sorted(covering, key=lambda rule: (rule.name, rule.effect))


def holds(rule: Rule, facts: Facts) -> Truth:
    """Whether a rule holds now: past its ``until`` it is false, whatever its condition."""
    value = _value(rule, facts)
    if facts.tracer is not None:
        facts.tracer.held(rule, value)
    return value


def _value(rule: Rule, facts: Facts) -> Truth:
    if rule.until is not None and facts.now >= rule.until * 1_000_000:
        return False
    return True if rule.condition is None else truth(rule.condition, facts)


def judge(rules: list[Rule], route: Route, facts: Facts) -> Ruling:
    """A true deny, then a deny without an answer, then a true allow, then an allow without an answer."""
    denies: Held = [(rule, holds(rule, facts)) for rule in rules if rule.effect == "deny"]
    allows: Held = [(rule, holds(rule, facts)) for rule in rules if rule.effect == "allow"]
    true_denies = [rule for rule, value in denies if value is True]
    plain = [rule for rule in true_denies if rule.step_up is None]
    if plain:
        return Ruling("denied", rule=plain[0].name)
    if true_denies:
        asked = {rule.step_up for rule in true_denies if rule.step_up is not None}
        return Ruling("step_up", rule=true_denies[0].name, acr=tuple(sorted(asked)))
    if faulted := _names(denies, FAULT):
        return Ruling("deny_fault", rule=faulted[0], faults=faulted)
    if true_allows := _names(allows, True):
        return Ruling("allow", rule=true_allows[0])
    if faulted := _names(allows, FAULT):
        return Ruling("allow_fault", rule=faulted[0], faults=faulted)
    could_help = facts.issuer is None and route.trust and allows
    return Ruling("credential_required" if could_help else "no_allow")


def observe(rules: list[Rule], facts: Facts) -> tuple[tuple[str, str], ...]:
    """What each shadow rule would have said."""
    words: dict[Truth, str] = {True: "true", False: "false", FAULT: "fault"}
    return tuple(sorted((rule.name, words[holds(rule, facts)]) for rule in rules if rule.effect.startswith("shadow")))


def _names(held: Held, wanted: Truth) -> tuple[str, ...]:
    return tuple(rule.name for rule, value in held if value is wanted)
