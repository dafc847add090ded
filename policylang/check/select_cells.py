"""Policies that count, on cells without an identity to count for."""

from collections.abc import Mapping, Sequence

from policylang.check import errors_policies as errors
from policylang.check.environment import CellEnv, Sink
from policylang.check.infer import disjoint
from policylang.check.model import IssuerIs, Not, Policy, TypedExpr
from policylang.check.select_arms import TypedArm
from policylang.syntax import nodes
from policylang.typesys.terms import Bool


def check_anonymous(
    select: nodes.Select, arms: Sequence[TypedArm], policies: Mapping[str, Policy], cells: Sequence[CellEnv], sink: Sink
) -> None:
    """Complain of each arm that may give an anonymous request a policy that counts."""
    cell = next((cell for cell in cells if cell.issuer is None), None)
    if cell is None:
        return
    anonymous = IssuerIs(select.span, Bool(), None)
    taken = False  # some arm takes every anonymous request
    for arm in arms:
        fallback = arm.node.otherwise or not select.every
        if not (taken and fallback) and not (arm.when is not None and disjoint(arm.when, anonymous)):
            counting = next((p for p in arm.named(policies) if p.rate or p.quota or p.concurrency), None)
            if counting is not None:
                place = arm.node.span if arm.node.policy is None else arm.node.policy.span
                sink.add(errors.counted_anonymous(counting.name, cell.route, place, select.scope.span))
        taken = taken or _takes(arm.when, anonymous)


def _takes(when: TypedExpr | None, anonymous: IssuerIs) -> bool:
    return when is not None and disjoint(Not(when.span, Bool(), when), anonymous)
