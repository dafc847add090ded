"""What must hold of every plan that the compiler makes; a plan that fails here is a bug of the compiler, not of rules.

Law of this file: it looks at the plan alone, and recomputes what it compares with.
"""

from collections.abc import Iterator

from policylang.ir.passes.order import key
from policylang.ir.stage import binding, grants_binding
from policylang.plan.index import RouteIndex
from policylang.plan.model import Binding, Condition, Expr, Plan
from policylang.plan.operators import MAX_DEPTH, depth, operands, preorder
from policylang.plan.references import References
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import run


class PlanBroken(Exception):
    """The compiler made a plan that breaks one of its own invariants; ``where`` is a JSON pointer into it."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where


def verify(plan: Plan) -> None:
    """Check indices, table orders, places, depths, bindings, and the canonical form of conditions.

    Raises:
        PlanBroken: the first of them that does not hold.
    """
    try:
        run(References(plan).steps())
        RouteIndex(plan.routes)
    except PlanRefused as refused:
        raise PlanBroken(refused.where, refused.what) from refused
    grants = _grants(plan)
    for where, condition in conditions(plan):
        _condition(where, condition, grants)
    for i, header in enumerate(plan.set_headers):
        joined = () if header.joined is None else (header.joined,)
        _binding(f"/set_headers/{i}", header.binding, (*header.parts, *joined), grants)
    for i, token in enumerate(plan.tokens):
        _binding(f"/tokens/{i}", token.binding, (token.subject, *(claim.value for claim in token.claims)), grants)


def conditions(plan: Plan) -> Iterator[tuple[str, Condition]]:
    """Every condition of a plan, each with its JSON pointer."""
    for i, rule in enumerate(plan.rules):
        if rule.condition is not None:
            yield f"/rules/{i}/condition", rule.condition
    for i, select in enumerate(plan.selects):
        for k, arm in enumerate(select.arms):
            if arm.when is not None:
                yield f"/selects/{i}/arms/{k}/when", arm.when


def _grants(plan: Plan) -> Binding:
    arms = [arm for select in plan.selects for arm in select.arms]
    named = [arm.named for arm in arms if arm.named is not None]
    return grants_binding((*named, *(arm.when.expr for arm in arms if arm.when is not None)))


def _condition(where: str, condition: Condition, grants: Binding) -> None:
    nodes = preorder(condition.expr)
    if len(nodes) != len(condition.at):
        raise PlanBroken(where, f"{len(condition.at)} places for {len(nodes)} nodes")
    if len(nodes) > MAX_DEPTH and depth(condition.expr) > MAX_DEPTH:
        raise PlanBroken(where, f"deeper than {MAX_DEPTH} levels")
    _binding(where, condition.binding, (condition.expr,), grants)
    for node in nodes:
        if node[0] in ("and", "or"):
            _junction(where, node)


def _junction(where: str, node: Expr) -> None:
    keys = [key(operand) for operand in operands(node)]
    if any(operand[0] == node[0] for operand in operands(node)):
        raise PlanBroken(where, f"{node[0]} directly below {node[0]}")
    if keys != sorted(set(keys)):
        raise PlanBroken(where, f"operands of {node[0]} not in order, each once")


def _binding(where: str, found: Binding, exprs: tuple[Expr, ...], grants: Binding) -> None:
    wanted = binding(exprs, grants)
    if found != wanted:
        raise PlanBroken(where, f"bound at {found}, where {wanted} is the earliest")
