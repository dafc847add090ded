"""Arms of a `select policy` that are never taken: what they ask for is given away by the arms before them."""

from collections.abc import Sequence

from policylang.check import errors_expr_constant as errors
from policylang.check import model
from policylang.check.environment import CellEnv, Sink
from policylang.check.expr_cases import Case, Mentions, cases_of
from policylang.check.expr_constant import in_case, types_in, value_everywhere
from policylang.check.expr_contradiction import Store, impossible
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import nodes

Checked = tuple[nodes.Arm, model.TypedExpr | None]


def check_arms(arms: Sequence[Checked], cells: Sequence[CellEnv], sink: Sink) -> None:
    """Complain of each arm that no request reaches or that never holds, where that is provable.

    For the arms of a ``select policy``, in order; in ``select policies`` no arm hides another. An arm with a condition
    that had errors comes with None and is passed over.
    """
    if not cells:
        return
    known = [(arm, typed) for arm, typed in arms if typed is not None or arm.when is None]
    taken = [False] * len(known)
    cases = cases_of(cells, Mentions())
    for case in cases:
        for index in _taken(known, case):
            taken[index] = True
    for index, reached in enumerate(taken):
        if not reached:
            sink.add(_unreachable(known, index, cases))


def _taken(arms: Sequence[Checked], case: Case) -> list[int]:
    """The arms that some request of the case may take."""
    store = Store(types_in(case))
    taken: list[int] = []
    for index, (_, typed) in enumerate(arms):
        rest = True if typed is None else in_case(typed, case)
        if rest is False:
            continue
        if rest is True:
            return [*taken, index]
        if store.copy().add([(rest, True)]):
            taken.append(index)
        if not store.add([(rest, False)]):
            return taken
    return taken


def _unreachable(arms: Sequence[Checked], index: int, cases: Sequence[Case]) -> Diagnostic:
    arm, typed = arms[index]
    if typed is not None and value_everywhere(typed, cases) is False:
        return errors.unreachable_arm(arm.span, "its condition never holds on these routes", None)
    for earlier, condition in arms[:index]:
        if condition is None:
            return errors.unreachable_arm(arm.span, "stands after an arm that always holds", earlier.span)
        if typed is not None and impossible([(typed, True), (condition, False)]):
            return errors.unreachable_arm(arm.span, "an earlier arm holds whenever this one does", earlier.span)
    return errors.unreachable_arm(arm.span, "the arms before it leave no request to this one", None)
