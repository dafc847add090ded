import pytest

from policylang.codegen.narrowing import NOTHING, narrowed
from policylang.plan.model import Expr
from tests.policylang.codegen.small_plans import EVENT, FLAG, RISK

HERE, ALSO = ("present", RISK), ("present", EVENT)
RISK_ONLY, BOTH = frozenset({RISK}), frozenset({RISK, EVENT})


@pytest.mark.parametrize(
    ("expr", "when_true", "when_false"),
    [
        (HERE, RISK_ONLY, NOTHING),
        (("not", HERE), NOTHING, RISK_ONLY),
        (("and", HERE, ALSO), BOTH, NOTHING),
        (("or", HERE, ALSO), NOTHING, NOTHING),
        (("or", HERE, ("and", HERE, ALSO)), RISK_ONLY, NOTHING),
        (("or", ("not", HERE), ("not", ALSO)), NOTHING, BOTH),
        (("and", FLAG, HERE), RISK_ONLY, NOTHING),
        (FLAG, NOTHING, NOTHING),
    ],
)
def test_what_an_outcome_proves(expr: Expr, when_true: frozenset[Expr], when_false: frozenset[Expr]) -> None:
    assert narrowed(expr, True) == when_true
    assert narrowed(expr, False) == when_false
