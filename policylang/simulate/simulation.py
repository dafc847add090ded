"""One request after another through the whole of the pure pipeline, in the order of the answers."""

from dataclasses import dataclass
from typing import Literal

from policylang.codegen.compiled import CompiledPlan
from policylang.explain.evaluate import Facts
from policylang.explain.tree import ExplainTree, Values, explain_early, explain_rules
from policylang.runtime.ask import Ask
from policylang.runtime.cell import Fields
from policylang.runtime.decision import Decision
from policylang.runtime.verdict import Verdict
from policylang.simulate import unhoisted
from policylang.simulate.arrive import Arrived, arrive
from policylang.simulate.caller import Caller, authenticate, fields_of
from policylang.simulate.counters import Counters
from policylang.simulate.record import decided, decision_of, limited
from policylang.simulate.seen import facts_of

Hoisting = Literal["staged", "none"]
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class _Judged:
    """A decision; with what the rules saw, where it came to that."""

    decision: Decision
    arrived: Arrived | None = None
    facts: Facts | None = None


class Simulation:
    """Asks of one plan, with counters that live as long as it does. The plan has its secrets: those of asks are not used.

    ``hoisting`` "none" walks every expression at the request instead of running the generated cells: the same decisions,
    slower.
    """

    def __init__(self, compiled: CompiledPlan, hoisting: Hoisting = "staged") -> None:
        self._compiled = compiled
        self._hoisting: Hoisting = hoisting
        self._counters = Counters()

    @property
    def counters(self) -> Counters:
        """What has been charged so far."""
        return self._counters

    def ask(self, ask: Ask) -> Decision:
        """The decision on one request; its limits are charged."""
        return self._judge(ask).decision

    def explain(self, ask: Ask, values: Values = "hidden") -> tuple[Decision, ExplainTree]:
        """As ``ask``, and why. ``values`` "shown" puts claims and other values of the request into the explanation."""
        judged = self._judge(ask)
        if judged.arrived is None or judged.facts is None:
            return judged.decision, explain_early(self._compiled.plan, judged.decision, ask)
        plan = self._compiled.plan
        tree = explain_rules(plan, judged.arrived.route, ask.method, judged.facts, judged.decision, values)
        return judged.decision, tree

    def _judge(self, ask: Ask) -> _Judged:
        plan = self._compiled.plan
        arrived = arrive(self._compiled, ask)
        if isinstance(arrived, Decision):
            return _Judged(arrived)
        route = plan.routes[arrived.route]
        caller = authenticate(plan, route, ask)
        if isinstance(caller, Decision):
            return _Judged(caller)
        fields = fields_of(plan, caller, ask.metadata)
        facts = facts_of(plan, arrived.route, caller.issuer, caller.claims, fields, arrived.facts, ask.now)
        if self._hoisting == "staged":
            verdict = self._staged(arrived, ask, caller, fields)
        else:
            secrets = self._compiled.secrets
            verdict = unhoisted.verdict(plan, secrets, arrived.route, ask.method, facts, caller.identity)
        return _Judged(self._charged(ask, route.name, caller, verdict), arrived, facts)

    def _staged(self, arrived: Arrived, ask: Ask, caller: Caller, fields: Fields | None) -> Verdict:
        cell = self._compiled.cell(arrived.route, ask.method, caller.issuer)
        token = cell.token_facts(caller.claims, caller.identity, ask.now)
        identity = cell.identity_facts(token.slots, caller.claims, fields)
        return cell.decide(token.slots, identity, arrived.facts)

    def _charged(self, ask: Ask, route: str, caller: Caller, verdict: Verdict) -> Decision:
        decision = decision_of(self._compiled.plan, route, caller.issuer, verdict)
        if verdict.kind != "allow":
            return decision
        if verdict.mints and ask.now >= caller.expires:
            # An identity token would be born expired: where a route mints, leeway does not extend exp.
            return decided("credential_refused", route=route, reason=_too_late(ask.now - caller.expires))
        refusing = self._counters.charge(verdict.charges, ask.now)
        return limited(decision, refusing) if refusing else decision


def _too_late(late: int) -> str:
    return f"expired {late // SECOND} s ago; leeway does not extend exp where an identity token is minted"
