"""Every goal of a rule set: what its tests should have seen, and nothing that they provably cannot see."""

from collections.abc import Iterable, Iterator, Mapping

from policylang.check import model
from policylang.check.expr_types import BOOL
from policylang.coverage.conditions import Atom, Fact, defaults, may_fault
from policylang.coverage.goal import Goal
from policylang.coverage.owners import Owner, askers, covers, owners, select_name, stops
from policylang.coverage.possible import possible
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.terms import Enum, SetOf, Text

_TRUTHS = (True, False)
TRUTH: Mapping[bool, str] = {True: "true", False: "false"}


def goals_of(module: model.CheckedModule, rule_set: nodes.RuleSet) -> tuple[Goal, ...]:
    """The goals in the order of the source. ``rule_set`` is what ``module`` was checked from."""
    found: set[Goal] = set()
    for owner in owners(module, rule_set):
        found.update(_of_conditions(owner))
    found.update(_of_rules(module, rule_set))
    found.update(_of_selects(module, rule_set))
    found.update(Goal(route.span, "route", f"route {route.name}", "reached") for route in module.routes.values())
    found.update(_of_headers(module))
    found.update(Goal(one.span, "token", f"identity token {one.name}", "minted") for one in module.identity_tokens)
    found.update(_of_limits(module))
    return tuple(sorted(found))


def truth_goal(span: Span, value: bool) -> Goal:
    """The goal that a condition has a value."""
    return Goal(span, "condition", "", "true" if value else "false")


def default_goal(coalesce: model.Coalesce, absent: bool) -> Goal:
    """The goal that the reference before a ``??`` is absent, or is not."""
    return Goal(coalesce.span, "condition", "", "absent" if absent else "given")


def _of_conditions(owner: Owner) -> Iterator[Goal]:
    for atom in owner.atoms:
        for value in _TRUTHS:
            if possible((*atom.before, (atom.expr, value)), owner.among):
                yield truth_goal(atom.span, value)
        yield from _of_defaults(atom, owner)
    for whole in owner.wholes:
        yield from (truth_goal(whole.span, value) for value in _TRUTHS if owner.among)


def _of_defaults(atom: Atom, owner: Owner) -> Iterator[Goal]:
    for default in defaults(atom):
        there = model.Present(default.expr.span, BOOL, default.expr.ref)
        for absent in _TRUTHS:
            if possible((*default.before, (there, not absent)), owner.among):
                yield default_goal(default.expr, absent)


def _of_rules(module: model.CheckedModule, rule_set: nodes.RuleSet) -> Iterator[Goal]:
    untils = {
        item.name.text: item.until.span
        for file in rule_set.files
        for item in file.items
        if isinstance(item, nodes.Rule) and item.until is not None
    }
    for rule in module.rules:
        subject = f"{rule.effect} {rule.name}"
        if rule.effect.startswith("shadow"):
            yield Goal(rule.span, "rule", subject, "holds")
        elif can_decide(module, rule):
            yield Goal(rule.span, "rule", subject, "decides")
        if rule.name in untils and askers(module, rule):
            yield Goal(untils[rule.name], "condition", "", "before")
            yield Goal(untils[rule.name], "condition", "", "past")


def can_decide(module: model.CheckedModule, rule: model.Rule) -> bool:
    """Whether an answer may be by this rule: by the first of those that hold, and by plain denies before others."""
    own: list[Fact] = [] if rule.condition is None else [(rule.condition, True)]
    own += stops(module, rule) if rule.effect == "allow" else ()
    asking = askers(module, rule)
    for other in module.rules:
        first = other.name < rule.name or (rule.step_up is not None and other.step_up is None)
        same = other.step_up is None or rule.step_up is not None
        if other.effect != rule.effect or other is rule or not (first and same) or not covers(other, rule):
            continue
        if other.until is not None or (other.condition is not None and may_fault(other.condition)):
            continue
        if other.condition is None or not possible((*own, (other.condition, False)), asking):
            return False
    return possible(own, asking)


def arm_goal(select: model.Select, span: Span) -> Goal:
    """The goal that an arm is taken."""
    return Goal(span, "arm", select_name(select), "taken")


def fallback(select: model.Select, written: Iterable[nodes.Select]) -> Span | None:
    """Where the ``otherwise`` of a select stands that is no arm of the model: a refusal, or one beside ``add``."""
    for node in written:
        if node.span.file == select.span.file and node.span.start <= select.span.start < node.span.end:
            kept = {arm.span for arm in select.arms}
            return next((arm.span for arm in node.arms if arm.otherwise and arm.span not in kept), None)
    return None


def selects_in(rule_set: nodes.RuleSet) -> tuple[nodes.Select, ...]:
    """The selects as they were written."""
    return tuple(item for file in rule_set.files for item in file.items if isinstance(item, nodes.Select))


def _of_selects(module: model.CheckedModule, rule_set: nodes.RuleSet) -> Iterator[Goal]:
    written = selects_in(rule_set)
    for select in module.selects:
        yield from (arm_goal(select, arm.span) for arm in select.arms)
        last = fallback(select, written)
        if last is not None:
            yield arm_goal(select, last)


def _of_headers(module: model.CheckedModule) -> Iterator[Goal]:
    for header in module.set_headers:
        yield Goal(header.span, "header", f"header {header.name}", "shown")
        if can_be_left_out(header):
            yield Goal(header.span, "header", f"header {header.name}", "omitted")


def can_be_left_out(header: model.SetHeader) -> bool:
    """Whether the header's ``omit`` can come to something: some part may be absent, or the whole may be empty."""
    match header.value:
        case model.Joined(ref=ref):
            return header.omit == "empty" or (header.omit is not None and ref.optional)
        case model.Template(parts=parts) if header.omit is not None:
            refs = [part for part in parts if isinstance(part, model.Ref)]
            if any(ref.optional for ref in refs):
                return True
            return header.omit == "empty" and len(refs) == len(parts) and all(_may_be_empty(ref) for ref in refs)
        case _:
            return False


def _may_be_empty(ref: model.Ref) -> bool:
    return isinstance(ref.type, Text) and ref.type.low == 0


def limit_goal(span: Span, subject: str) -> Goal:
    """The goal that a limit refuses."""
    return Goal(span, "limit", subject, "refuses")


def _of_limits(module: model.CheckedModule) -> Iterator[Goal]:
    named = _policies_named(module)
    for limit in module.limits:
        if not _unlimited(limit.amount):
            yield limit_goal(limit.span, f"limit {limit.name}")
    for policy in module.policies.values():
        if policy.name in named and policy.rate is not None:
            yield limit_goal(policy.span, f"rate of policy {policy.name}")
        if policy.name in named and policy.quota is not None and not _unlimited(policy.quota):
            yield limit_goal(policy.span, f"quota of policy {policy.name}")
        if policy.name in named and policy.concurrency is not None:
            yield limit_goal(policy.span, f"concurrency of policy {policy.name}")


def _unlimited(amount: model.Rate | model.Quota | model.Concurrency) -> bool:
    return isinstance(amount, model.Quota) and amount.count is None


def _policies_named(module: model.CheckedModule) -> frozenset[str]:
    """The policies that some select may come to."""
    named: set[str] = set()
    for select in module.selects:
        named |= set() if select.otherwise is None else {select.otherwise}
        for arm in select.arms:
            named |= {arm.policy} if isinstance(arm.policy, str) else _values(arm.policy)
    return frozenset(named)


def _values(ref: model.Ref) -> set[str]:
    term = ref.type.item if isinstance(ref.type, SetOf) else ref.type
    return set(term.values) if isinstance(term, Enum) else set()
