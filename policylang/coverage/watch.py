"""What a run of tests has seen: a tracer of the reference interpreter that turns what was looked at into goals met.

Law of this file: nothing is seen but what the interpreter told, of a request whose answer still depended on it. Within
a condition the interpreter itself stops where the value is certain. Between them: an allow counts only where no deny
stops the request, an arm only where an allow holds, or where a condition that counts names ``policy.grants``.
"""

from collections import Counter
from dataclasses import dataclass, field

from policylang.check import model
from policylang.coverage.conditions import defaults, reads_grants
from policylang.coverage.goal import Goal
from policylang.coverage.goals import arm_goal, default_goal, fallback, limit_goal, selects_in, truth_goal
from policylang.coverage.owners import Owner, Step, owners
from policylang.reference.values import FAULT, Result, Truth
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.source.spans import Span
from policylang.syntax import nodes

SECOND = 1_000_000


@dataclass
class _Request:
    """What the interpreter told of one request. ``values`` are by the identity of the expression."""

    values: dict[int, Result] = field(default_factory=dict)
    held: list[tuple[model.Rule, Truth]] = field(default_factory=list)
    taken: list[tuple[model.Select, model.Arm | None]] = field(default_factory=list)

    def steps(self) -> set[Step]:
        """The steps whose conditions the answer depended on."""
        denies = [(rule, value) for rule, value in self.held if rule.effect == "deny"]
        allows = [(rule, value) for rule, value in self.held if rule.effect == "allow"]
        counted: set[Step] = {"deny", "shadow"}
        judging = denies
        if all(value is False for _, value in denies):
            counted.add("allow")
            judging = [*denies, *allows]
            if any(value is True for _, value in allows):
                counted.add("select")
        if any(reads_grants(rule.condition) for rule, _ in judging):
            counted.add("select")
        return counted


class Watch:
    """Counts how often each goal was met; it may meet more than there are goals. It is given to oracles as a tracer."""

    def __init__(self, module: model.CheckedModule, rule_set: nodes.RuleSet) -> None:
        self.met: Counter[Goal] = Counter()
        self._module = module
        self._owners = owners(module, rule_set)
        self._fallbacks = {select.index: fallback(select, selects_in(rule_set)) for select in module.selects}
        self._untils: dict[str, Span] = {
            item.name.text: item.until.span
            for file in rule_set.files
            for item in file.items
            if isinstance(item, nodes.Rule) and item.until is not None
        }
        self._request = _Request()

    def saw(self, expr: model.TypedExpr, value: Result) -> None:
        """Note an expression's value."""
        self._request.values[id(expr)] = value

    def held(self, rule: model.Rule, value: Truth) -> None:
        """Note a rule's value."""
        self._request.held.append((rule, value))

    def took(self, select: model.Select, arm: model.Arm | None) -> None:
        """Note the arm that was taken."""
        self._request.taken.append((select, arm))

    def decided(self, ask: Ask, decision: Decision) -> None:
        """Count what this request has shown, and wait for the next."""
        request, self._request = self._request, _Request()
        steps = request.steps()
        for owner in self._owners:
            if owner.step in steps:
                self._conditions(owner, request)
        self._rules(request, steps, ask, decision)
        if "select" in steps:
            for select, arm in request.taken:
                span = self._fallbacks[select.index] if arm is None else arm.span
                if span is not None:
                    self.met[arm_goal(select, span)] += 1
        if decision.route is not None and (request.held or decision.kind not in _EARLY):
            route = self._module.routes[decision.route]
            self.met[Goal(route.span, "route", f"route {route.name}", "reached")] += 1
        self._sent(decision)
        if decision.kind == "limited":
            for charge in decision.charges:
                self._refused(charge.limit)

    def _conditions(self, owner: Owner, request: _Request) -> None:
        values = request.values
        if id(owner.condition) not in values:
            return
        for atom in owner.atoms:
            value = values.get(id(atom.expr), FAULT)
            if isinstance(value, bool):
                self.met[truth_goal(atom.span, value)] += 1
            for default in defaults(atom):
                if values.get(id(default.expr), FAULT) is not FAULT:
                    absent = id(default.expr.default) in values
                    self.met[default_goal(default.expr, absent)] += 1
        for whole in owner.wholes:
            parts = [values.get(id(part), FAULT) for part in whole.parts]
            if any(part is False for part in parts):
                self.met[truth_goal(whole.span, False)] += 1
            elif all(part is True for part in parts):
                self.met[truth_goal(whole.span, True)] += 1

    def _rules(self, request: _Request, steps: set[Step], ask: Ask, decision: Decision) -> None:
        by = decision.rule if decision.kind in {"allow", "denied", "step_up"} else None
        for rule, value in request.held:
            subject = f"{rule.effect} {rule.name}"
            if rule.name == by:
                self.met[Goal(rule.span, "rule", subject, "decides")] += 1
            if value is True and rule.effect.startswith("shadow"):
                self.met[Goal(rule.span, "rule", subject, "holds")] += 1
            counted = rule.effect != "allow" or "allow" in steps
            if rule.until is not None and rule.name in self._untils and counted:
                past = ask.now >= rule.until * SECOND
                self.met[Goal(self._untils[rule.name], "condition", "", "past" if past else "before")] += 1

    def _sent(self, decision: Decision) -> None:
        if decision.kind != "allow":
            return
        said = {"request": decision.request_headers, "response": decision.response_headers}
        for header in self._module.set_headers:
            if decision.route in header.routes:
                there = any(name == header.name for name, _ in said[header.direction])
                subject = f"header {header.name}"
                self.met[Goal(header.span, "header", subject, "shown" if there else "omitted")] += 1
        minted = {name for name, _, _, _ in decision.minted}
        for token in self._module.identity_tokens:
            if token.name in minted:
                self.met[Goal(token.span, "token", f"identity token {token.name}", "minted")] += 1

    def _refused(self, name: str) -> None:
        for limit in self._module.limits:
            if limit.name == name:
                self.met[limit_goal(limit.span, f"limit {name}")] += 1
        kind, _, rest = name.partition(":")
        policy, _, figure = rest.rpartition(":")
        if kind == "policy" and policy in self._module.policies:
            self.met[limit_goal(self._module.policies[policy].span, f"{figure} of policy {policy}")] += 1


_EARLY = frozenset(
    {"malformed", "no_route", "method_not_allowed", "credential_missing", "credential_refused", "keys_fault"}
)
