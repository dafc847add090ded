"""The explanation of one decision, as data: rules with their values, what decided, and the closest allow.

Law of this file: nothing of a token, a secret or a header gets in but values of references, and those only where they
are asked to be shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from policylang.explain.deciding import deciding, lacking
from policylang.explain.evaluate import ABSENT, FAULT, Facts, Lack, Walked, walk
from policylang.explain.words import written
from policylang.plan.model import Condition, Plan, Rule
from policylang.runtime.decision import Decision

SECOND = 1_000_000
Values = Literal["shown", "hidden"]
State = Literal["true", "false", "fault", "other method"]

_Read = Callable[[Walked], str]
_DENIALS = ("denied", "step_up", "deny_fault")
_NEEDS_CLOSEST = ("no_allow", "allow_fault", "credential_required")


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the rule set, and the line and column (1-based) where something begins."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class NodeTrace:
    """A node: as written, where, its value ("true", "false", "fault", "absent", "hidden" or the value itself).

    A test is "absent" when it asks for a value of what is absent; checked rules have guarded it. ``deciding``: with
    another value here, the rule would have had another one. ``literal``: a constant of the rules.
    """

    text: str
    place: Place | None
    value: str
    deciding: bool
    literal: bool
    operands: tuple["NodeTrace", ...]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """A rule of the route. ``node`` is its condition; None: always, or a rule for other methods.

    ``expired``: its ``until`` has passed, which makes it false whatever its condition. ``decides``: the answer follows
    from its value.
    """

    effect: str
    name: str
    place: Place | None
    state: State
    expired: bool
    decides: bool
    node: NodeTrace | None


@dataclass(frozen=True, slots=True)
class ArmTrace:
    """An arm of the select: the policy or the reference that names it, and whether it holds."""

    policy: str
    place: Place | None
    state: State
    node: NodeTrace | None


@dataclass(frozen=True, slots=True)
class Lacked:
    """A test that was not as it would have to be for an allow to hold."""

    text: str
    place: Place | None
    value: str
    needed: str


@dataclass(frozen=True, slots=True)
class Closest:
    """The allow that the fewest changes would have made true, and these changes."""

    name: str
    place: Place | None
    lacked: tuple[Lacked, ...]


@dataclass(frozen=True, slots=True)
class ExplainTree:
    """``decided_by`` are the rules whose value the answer follows from. ``reason`` is a sentence without values."""

    kind: str
    status: int
    method: str
    route: str | None
    issuer: str | None
    reason: str
    decided_by: tuple[str, ...]
    policies: tuple[str, ...]
    rules: tuple[RuleTrace, ...] = ()
    arms: tuple[ArmTrace, ...] = ()
    closest: Closest | None = None


def explain_early(decision: Decision, method: str) -> ExplainTree:
    """The explanation of an answer that no rule was asked for."""
    return _tree(decision, method, _EARLY.get(decision.kind, "").format(reason=decision.reason or "no reason given"))


def explain_rules(
    plan: Plan, number: int, method: str, facts: Facts, decision: Decision, values: Values
) -> ExplainTree:
    """The explanation of a decision that the rules of route ``number`` had a part in; ``facts`` as they saw them."""
    trace = _Tracing(plan, facts, values)
    route = plan.routes[number]
    rules = [plan.rules[i] for i in route.rules]
    closest = trace.closest(rules, method) if decision.kind in _NEEDS_CLOSEST else None
    decided_by = decision.faults or ((decision.rule,) if decision.rule is not None else ())
    effect = "deny" if decision.kind in _DENIALS else "allow"
    deciders = {(effect, name) for name in decided_by}
    return _tree(
        decision,
        method,
        _reason(decision, closest),
        decided_by=decided_by,
        rules=tuple(trace.rule(rule, method, (rule.effect, rule.name) in deciders) for rule in rules),
        arms=trace.arms(route.select),
        closest=closest,
    )


def _tree(decision: Decision, method: str, reason: str, decided_by: tuple[str, ...] = (), **rest: Any) -> ExplainTree:
    return ExplainTree(
        decision.kind,
        decision.status,
        method,
        decision.route,
        decision.issuer,
        reason,
        decided_by,
        decision.policies,
        **rest,
    )


class _Tracing:
    def __init__(self, plan: Plan, facts: Facts, values: Values) -> None:
        self._plan = plan
        self._facts = facts
        self._values = values

    def rule(self, rule: Rule, method: str, decides: bool) -> RuleTrace:
        place = self._place(rule.at)
        if rule.methods and method not in rule.methods:
            return RuleTrace(rule.effect, rule.name, place, "other method", False, False, None)
        expired = self._expired(rule)
        node, truth = self._condition(rule.condition)
        state: State = "false" if expired else _state(truth)
        return RuleTrace(rule.effect, rule.name, place, state, expired, decides, node)

    def arms(self, select: int) -> tuple[ArmTrace, ...]:
        traced = []
        for arm in self._plan.selects[select].arms if select != -1 else ():
            node, truth = self._condition(arm.when)
            policy = self._plan.policies[arm.policy].name if arm.named is None else written(arm.named)
            traced.append(ArmTrace(policy, self._place(arm.at), _state(truth), node))
        return tuple(traced)

    def closest(self, rules: list[Rule], method: str) -> Closest | None:
        """Of the allows for this method; None where there is none. Equally close ones: the first by name."""
        found: list[Closest] = []
        for rule in rules:
            if rule.effect != "allow" or (rule.methods and method not in rule.methods):
                continue
            lacked: list[Lacked] = []
            if self._expired(rule):
                lacked.append(Lacked("until", self._place(rule.at), "past", "later"))
            if rule.condition is not None:
                walked = walk(rule.condition.expr, self._facts)
                lacked += [self._lacked(rule.condition, node, wanted) for node, wanted in lacking(walked, True)]
            found.append(Closest(rule.name, self._place(rule.at), tuple(lacked)))
        return min(found, key=lambda one: (len(one.lacked), one.name), default=None)

    def _lacked(self, condition: Condition, node: Walked, wanted: bool) -> Lacked:
        place = self._place(condition.at[node.index])
        return Lacked(written(node.expr), place, self._truth(node), "true" if wanted else "false")

    def _condition(self, condition: Condition | None) -> tuple[NodeTrace | None, bool | None]:
        if condition is None:
            return None, True
        walked = walk(condition.expr, self._facts)
        decisive = frozenset(node.index for node in deciding(walked))
        return self._node(walked, condition, decisive, self._truth), walked.truth

    def _node(self, node: Walked, condition: Condition, decisive: frozenset[int], read: _Read) -> NodeTrace:
        inside = self._truth if node.expr[0] in ("and", "or", "not") else self._value
        return NodeTrace(
            written(node.expr),
            self._place(condition.at[node.index]),
            read(node),
            node.index in decisive,
            node.expr[0] == "lit",
            tuple(self._node(operand, condition, decisive, inside) for operand in node.operands),
        )

    def _truth(self, node: Walked) -> str:
        """Of a node that stands as a condition: the rule's own value tells as much."""
        if node.value is FAULT and any(operand.value is ABSENT for operand in node.operands):
            return "absent"
        return _state(node.truth)

    def _value(self, node: Walked) -> str:
        """Of a node that stands as a value."""
        if isinstance(node.value, Lack):
            return str(node.value.value)
        if node.expr[0] == "lit":
            return written(node.expr)
        return shown(node.value) if self._values == "shown" else "hidden"

    def _expired(self, rule: Rule) -> bool:
        return rule.until is not None and self._facts.now >= rule.until * SECOND

    def _place(self, at: int) -> Place | None:
        if not 0 <= at < len(self._plan.positions):
            return None
        position = self._plan.positions[at]
        return Place(self._plan.files[position.file].path, position.line, position.column)


def shown(value: Any) -> str:
    """A value as text on one line: sets in order, texts quoted and escaped."""
    if isinstance(value, frozenset):
        return written(("lit", "set", tuple(sorted(value))))
    return written(("lit", "text", value))


def _state(truth: bool | None) -> State:
    return "fault" if truth is None else "true" if truth else "false"


_EARLY = {
    "malformed": "the request is malformed: {reason}",
    "no_route": "no route takes this host and path",
    "method_not_allowed": "the path takes other methods only: {reason}",
    "credential_missing": "the route asks for a credential and none was sent",
    "credential_refused": "the credential is refused: {reason}",
}

_REASONS = {
    "allow": "allow {rule} is true and no deny is",
    "denied": "deny {rule} is true",
    "step_up": "deny {rule} is true and asks for a stronger login",
    "deny_fault": "a deny has no answer: {faults}",
    "allow_fault": "no allow is true, and one has no answer: {faults}",
    "policy_fault": "the select has no answer",
    "policy_refused": "the select refuses",
    "render_fault": "a header, an identity token or a limit needs a fact that is not to be had",
    "render_refused": "a value cannot stand in the header that a rule sets",
    "limited": "a limit is reached: {limits}",
    "limit_outage": "a limit cannot be counted now",
    "keys_fault": "the issuer's keys are not to be had",
    "credential_refused": "the credential is refused: {reason}",
}


def _reason(decision: Decision, closest: Closest | None) -> str:
    if decision.kind in ("no_allow", "credential_required"):
        if closest is None:
            return "no allow of the route is for this method"
        hint = "; a credential could help" if decision.kind == "credential_required" else ""
        return f"no allow is true; the closest is {closest.name}{hint}"
    return _REASONS[decision.kind].format(
        rule=decision.rule,
        faults=", ".join(decision.faults),
        limits=", ".join(charge.limit for charge in decision.charges),
        reason=decision.reason,
    )
