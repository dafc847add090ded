"""A checked module made to run: its plan, with or without the passes, and the simulation of it."""

from dataclasses import replace

from policylang.check.model import CheckedModule
from policylang.codegen.compiled import CompiledPlan
from policylang.ir.lower import lower
from policylang.ir.passes.sequence import run
from policylang.ir.stage import stage
from policylang.ir.verify import verify
from policylang.plan.build import build
from policylang.plan.model import Plan
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.simulate.simulation import Simulation
from policylang.source.tree import SourceTree
from tests.strategies import pool


def plan_of(module: CheckedModule, tree: SourceTree) -> Plan:
    """The plan that ``compile`` would write."""
    plan = build(stage(run(lower(module))), tree, 1)
    verify(plan)
    return plan


def plan_without_passes(module: CheckedModule, tree: SourceTree) -> Plan:
    """The plan of the conditions as they were written."""
    return build(stage(lower(module)), tree, 1)


def simulation(plan: Plan) -> Simulation:
    """A fresh simulation: nothing charged yet."""
    return Simulation(CompiledPlan(plan, pool.SECRETS))


def said(decision: Decision) -> Decision:
    """A decision without its reason, which engines word differently."""
    return replace(decision, reason="")


def unhoisted(plan: Plan) -> Simulation:
    """A fresh simulation that evaluates everything at the request."""
    return Simulation(CompiledPlan(plan, pool.SECRETS), hoisting="none")


def alone(plan: Plan, ask: Ask) -> Decision:
    """The decision on one request, with nothing charged before."""
    return said(simulation(plan).ask(ask))
