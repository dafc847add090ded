"""The explanation of one decision, as data: rules with their values, what decided, and the closest allow.

Law of this file: nothing of a token, a secret or a header gets in but values of references, and those only where they
are asked to be shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from policylang.explain.deciding import WAYS, deciding, unheard, ways
from policylang.explain.evaluate import ABSENT, FAULT, Facts, Lack, Walked, evaluate, walk
from policylang.explain.no_route import no_route
from policylang.explain.refused_words import refused
from policylang.explain.source_order import in_source_order
from policylang.plan.model import Arm, Condition, Expr, Issuer, Plan, Rule
from policylang.plan.written import expression
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision

SECOND = 1_000_000
Values = Literal["shown", "hidden"]
State = Literal["true", "false", "fault", "other method"]
Turn = Literal["taken", "comes after", ""]

ITEMS_SHOWN = 8
"""Items of a literal set that are written out."""

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
    another value here, the rule would have had another one. ``literal``: a constant of the rules. ``unheard``: why a
    node without a value did not keep the one above it from having one; empty for all others.
    """

    text: str
    place: Place | None
    value: str
    deciding: bool
    literal: bool
    operands: tuple["NodeTrace", ...]
    unheard: str = ""


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
    """An arm of the select: the policy or the reference that names it, and whether it holds.

    ``turn``: whether the select takes it; an arm that "comes after" holds too, behind the one that is taken. ``chosen``:
    the policies that a reference names.
    """

    policy: str
    place: Place | None
    state: State
    node: NodeTrace | None
    turn: Turn = ""
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lacked:
    """A test that was not as it would have to be for an allow to hold."""

    text: str
    place: Place | None
    value: str
    needed: str


@dataclass(frozen=True, slots=True)
class Closest:
    """An allow that few changes would have made true, and these changes."""

    name: str
    place: Place | None
    lacked: tuple[Lacked, ...]


@dataclass(frozen=True, slots=True)
class ExplainTree:
    """``decided_by`` are the rules whose value the answer follows from. ``reason`` is a sentence without values.

    ``closest`` needs the fewest changes; ``further`` are the next ways, nearest first, of the same allow or of others.
    """

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
    further: tuple[Closest, ...] = ()


def explain_early(plan: Plan, decision: Decision, ask: Ask) -> ExplainTree:
    """The explanation of an answer that no rule was asked for."""
    method = ask.method
    reason = decision.reason or "no reason given"
    if decision.kind == "credential_refused":
        reason = refused(decision.reason, _trusted(plan, decision.route))
    elif decision.kind == "no_route":
        reason = no_route(plan, ask)
    return _tree(decision, method, _EARLY.get(decision.kind, "").format(reason=reason))


def _trusted(plan: Plan, name: str | None) -> list[Issuer]:
    return [plan.issuers[number] for route in plan.routes if route.name == name for number in route.trust]


def explain_rules(
    plan: Plan, number: int, method: str, facts: Facts, decision: Decision, values: Values
) -> ExplainTree:
    """The explanation of a decision that the rules of route ``number`` had a part in; ``facts`` as they saw them."""
    trace = _Tracing(plan, facts, values)
    route = plan.routes[number]
    rules = [plan.rules[i] for i in route.rules]
    nearest = trace.nearest(rules, method) if decision.kind in _NEEDS_CLOSEST else []
    closest = nearest[0] if nearest else None
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
        further=tuple(nearest[1:]),
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


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is said of nodes of one condition, by index."""

    deciding: frozenset[int]
    unheard: Mapping[int, str]


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
        if select == -1:
            return ()
        declared = self._plan.selects[select]
        conditions = [self._condition(arm.when) for arm in declared.arms]
        turns = _turns([truth for _, truth in conditions], declared.every)
        traced = []
        for arm, (node, truth), turn in zip(declared.arms, conditions, turns, strict=True):
            policy = self._plan.policies[arm.policy].name if arm.named is None else written(arm.named)
            chosen = self._chosen(arm) if turn == "taken" else ()
            traced.append(ArmTrace(policy, self._place(arm.at), _state(truth), node, turn, chosen))
        return tuple(traced)

    def _chosen(self, arm: Arm) -> tuple[str, ...]:
        """The policies that an arm's reference names: names of the rules, told whether values are shown or not."""
        found = None if arm.named is None else evaluate(arm.named, self._facts)
        named = found if isinstance(found, frozenset) else {found}
        return tuple(policy.name for policy in self._plan.policies if policy.name in named)

    def nearest(self, rules: list[Rule], method: str) -> list[Closest]:
        """The nearest ways to be allowed, over all allows for this method; equally near ones by the name of the allow."""
        found: list[Closest] = []
        for rule in rules:
            if rule.effect != "allow" or (rule.methods and method not in rule.methods):
                continue
            place = self._place(rule.at)
            late = (Lacked("until", place, "past", "later"),) if self._expired(rule) else ()
            condition = rule.condition
            if condition is None:
                found.append(Closest(rule.name, place, late))
                continue
            for way in ways(self._walked(condition), True):
                lacked = tuple(self._lacked(condition, node, wanted) for node, wanted in way)
                found.append(Closest(rule.name, place, late + lacked))
        return sorted(found, key=lambda one: (len(one.lacked), one.name))[:WAYS]

    def _lacked(self, condition: Condition, node: Walked, wanted: bool) -> Lacked:
        place = self._place(condition.at[node.index])
        return Lacked(written(node.expr), place, self._truth(node), "true" if wanted else "false")

    def _walked(self, condition: Condition) -> Walked:
        return in_source_order(walk(condition.expr, self._facts), condition.at, self._plan.positions)

    def _condition(self, condition: Condition | None) -> tuple[NodeTrace | None, bool | None]:
        if condition is None:
            return None, True
        walked = self._walked(condition)
        marks = _Marks(frozenset(node.index for node in deciding(walked)), unheard(walked))
        return self._node(walked, condition, marks, self._truth), walked.truth

    def _node(self, node: Walked, condition: Condition, marks: "_Marks", read: _Read) -> NodeTrace:
        inside = self._truth if node.expr[0] in ("and", "or", "not") else self._value
        return NodeTrace(
            written(node.expr),
            self._place(condition.at[node.index]),
            read(node),
            node.index in marks.deciding,
            node.expr[0] == "lit",
            tuple(self._node(operand, condition, marks, inside) for operand in node.operands),
            marks.unheard.get(node.index, ""),
        )

    def _truth(self, node: Walked) -> str:
        """Of a node that stands as a condition: the rule's own value tells as much."""
        if node.value is FAULT and ABSENT in (lacks := _lacks(node)) and FAULT not in lacks:
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


def written(expr: Expr) -> str:
    """A condition or a part of it, as an author would write it."""
    return expression(expr, ITEMS_SHOWN)


def counter(name: str) -> str:
    """What a counter is of: ``limit NAME``, or the rate, the quota or the concurrency of a policy.

    >>> counter("policy:free:rate"), counter("per_tenant")
    ('the rate of policy free', 'limit per_tenant')
    """
    kind, _, rest = name.partition(":")
    policy, _, amount = rest.partition(":")
    return f"the {amount} of {kind} {policy}" if amount else f"limit {name}"


def shown(value: Any) -> str:
    """A value as text on one line: sets in order, texts quoted and escaped."""
    if isinstance(value, frozenset):
        return written(("lit", "set", tuple(sorted(value))))
    return written(("lit", "text", value))


def _lacks(node: Walked) -> set[Lack]:
    """What is not there of the references that a node without a value is made of."""
    if not node.operands:
        return {node.value} if isinstance(node.value, Lack) else set()
    return {lack for operand in node.operands if isinstance(operand.value, Lack) for lack in _lacks(operand)}


def _turns(truths: Sequence[bool | None], every: bool) -> list[Turn]:
    """Which arms a select takes: the first that holds, or all that do; none behind one without an answer."""
    if every:
        return ["taken" if truth and None not in truths else "" for truth in truths]
    decisive = next((index for index, truth in enumerate(truths) if truth is not False), len(truths))
    turns: list[Turn] = ["comes after" if truth and index > decisive else "" for index, truth in enumerate(truths)]
    if decisive < len(truths) and truths[decisive]:
        turns[decisive] = "taken"
    return turns


def _state(truth: bool | None) -> State:
    return "fault" if truth is None else "true" if truth else "false"


_EARLY = {
    "malformed": "the request is malformed: {reason}",
    "no_route": "{reason}",
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
        limits=", ".join(counter(charge.limit) for charge in decision.charges),
        reason=decision.reason,
    )
