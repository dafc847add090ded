"""The lanes without a network: the compiled plan, the plan read back, that of the formatted text, and the oracle.

A lane is a function from a built suite to one that answers the steps of a case, with nothing counted before.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from policylang.codegen.compiled import CompiledPlan
from policylang.plan.model import Plan
from policylang.reference.choose_route import NoMethod, choose
from policylang.reference.host import labels
from policylang.reference.oracle import Oracle
from policylang.reference.target import segments
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.simulate.simulation import Simulation
from tests.conformance.built import Built
from tests.conformance.document import Case
from tests.conformance.observed import Observation, of_decision

Answering = Callable[[Case], list[Observation]]


def plan_lane(built: Built) -> Answering:
    """The compiled plan."""
    return _simulated(built.plan, built.suite.secrets)


def stored_lane(built: Built) -> Answering:
    """The plan after it was written as JSON and read."""
    return _simulated(built.stored, built.suite.secrets)


def formatted_lane(built: Built) -> Answering:
    """The compiled plan of the formatted text."""
    return _simulated(built.formatted, built.suite.secrets)


def reference_lane(built: Built) -> Answering:
    """The oracle, on the checked module."""

    def answering(case: Case) -> list[Observation]:
        oracle = Oracle(built.module)
        return [of_decision(_with_methods(oracle, step.ask)) for step in case.steps]

    return answering


def _simulated(plan: Plan, secrets: Mapping[str, str]) -> Answering:
    compiled = CompiledPlan(plan, secrets)

    def answering(case: Case) -> list[Observation]:
        simulation = Simulation(compiled)
        return [of_decision(simulation.ask(step.ask)) for step in case.steps]

    return answering


def _with_methods(oracle: Oracle, ask: Ask) -> Decision:
    """The oracle's decision; of a 405, with the methods that its choice of a route names."""
    decision = oracle.ask(ask)
    path, host = segments(ask.target), labels(ask.host)
    if decision.kind != "method_not_allowed" or path is None or host is None:
        return decision
    chosen = choose(oracle.module, ask.method, path, host)
    assert isinstance(chosen, NoMethod)
    return replace(decision, reason=", ".join(chosen.allow))
