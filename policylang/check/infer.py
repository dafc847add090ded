"""Expressions: the door through which the declarations' checker has them typed, once for every kind of cell they reach.

A condition is typed once for all cells: claims must be of one kind in all of them, so the operators are the same. What
differs from cell to cell is which issuer it is and which values may be absent; ``expr_guards`` keeps track of that.
"""

from collections.abc import Sequence

from policylang.check import errors_expr_constant as errors
from policylang.check.environment import CellEnv, Names, Sink
from policylang.check.expr_arms import check_arms
from policylang.check.expr_cases import cases_of, everywhere
from policylang.check.expr_conditions import condition
from policylang.check.expr_constant import value_everywhere
from policylang.check.expr_contradiction import disjoint
from policylang.check.expr_lets import survey
from policylang.check.expr_purpose import Purpose, check_reference
from policylang.check.expr_scene import Scene
from policylang.check.model import TypedExpr
from policylang.syntax import nodes

__all__ = ["Purpose", "check_arms", "check_condition", "check_reference", "disjoint"]


def check_condition(
    expr: nodes.Expr,
    cells: Sequence[CellEnv],
    names: Names,
    sink: Sink,
    *,
    effect: nodes.Effect | None = None,
) -> TypedExpr | None:
    """Type a condition for all cells that it reaches; None after complaints, or when there are no cells.

    ``cells`` are all cells of each route in scope. ``effect`` is the rule's, so that help can say which guard fails
    closed. Operands of ``and`` and ``or`` come back with guards before what they guard: evaluated from left to right
    with an early end, no value is looked at while absent.
    """
    mentions = survey(expr, names, sink)
    if mentions is None or not cells:
        return None
    cases = cases_of(cells, mentions)
    typed = condition(expr, everywhere(cases), Scene(cases, names, sink, effect))
    if typed is None:
        return None
    constant = value_everywhere(typed, cases)
    if constant is None:
        return typed
    reason = f"{'true' if constant else 'false'} for every request that it covers"
    sink.add(errors.always_holds(expr.span, reason) if constant else errors.never_holds(expr.span, reason))
    return None
