"""Arms of a `select policy`: those that are never taken."""

import pytest

from policylang.check.environment import Sink
from policylang.check.expr_arms import check_arms
from policylang.check.infer import check_condition
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import nodes
from tests.policylang.check.expr_world import World, world

DECLARATIONS = """
issuer a { claims { plan: one of "free", "gold"  scope: set of text  risk: int 0..100 optional } }
issuer b { claims { plan: one of "free", "bulk"  scope: set of text } }
policy free { grants "x" }
policy gold { grants "x" }
route r { match GET on "/r" trust a, b }
"""


def complaints(arms: str) -> tuple[list[Diagnostic], World]:
    here = world(f"{DECLARATIONS}\nselect policy on r {{ {arms} }}")
    select = next(item for item in here.items if isinstance(item, nodes.Select))
    sink = Sink()
    typed = [
        (arm, None if arm.when is None else check_condition(arm.when, here.cells, here.names, Sink()))
        for arm in select.arms
    ]
    check_arms(typed, here.cells, sink)
    return sink.found, here


@pytest.mark.parametrize(
    "arms",
    [
        'use gold when claims.plan == "gold"  use free when claims.plan == "free"  refuse otherwise',
        'use gold when claims.plan == "gold"  use free when "a" in claims.scope  refuse otherwise',
        "use gold when issuer is a  use free otherwise",
        'use gold when "a" in claims.scope  use free when any of ["a", "b"] in claims.scope  refuse otherwise',
        "use gold when claims.risk present and claims.risk > 50  use free when claims.risk present  refuse otherwise",
        'use gold when issuer is a and claims.plan == "free"  use free when claims.plan == "free"  refuse otherwise',
        "use free otherwise",
    ],
)
def test_arms_that_may_be_taken(arms: str) -> None:
    assert complaints(arms)[0] == []


@pytest.mark.parametrize(
    ("arms", "unreachable", "reason", "instead"),
    [
        (
            'use gold when claims.plan in ["gold", "bulk"]  use free when claims.plan == "gold"  refuse otherwise',
            'use free when claims.plan == "gold"',
            "an earlier arm holds whenever this one does",
            'use gold when claims.plan in ["gold", "bulk"]',
        ),
        (
            'use gold when any of ["a", "b"] in claims.scope  use free when "b" in claims.scope  refuse otherwise',
            'use free when "b" in claims.scope',
            "an earlier arm holds whenever this one does",
            'use gold when any of ["a", "b"] in claims.scope',
        ),
        (
            'use gold when claims.plan == "free"  use free when claims.plan != "free"  refuse otherwise',
            "refuse otherwise",
            "the arms before it leave no request to this one",
            None,
        ),
        (
            'use gold when claims.plan in ["gold", "bulk"]  use free when claims.plan == "free"  refuse otherwise',
            "refuse otherwise",
            "the arms before it leave no request to this one",
            None,
        ),
        (
            'use gold when issuer is a  use free when issuer is b  use gold when "a" in claims.scope  refuse otherwise',
            'use gold when "a" in claims.scope',
            "the arms before it leave no request to this one",
            None,
        ),
        (
            "use gold otherwise  use free otherwise",
            "use free otherwise",
            "stands after an arm that always holds",
            "use gold otherwise",
        ),
    ],
)
def test_arms_that_never_are(arms: str, unreachable: str, reason: str, instead: str | None) -> None:
    found, here = complaints(arms)
    first = found[0]
    assert first.code == "R249"
    assert (here.source(first.span), first.labels[0].text) == (unreachable, reason)
    assert [here.source(label.span) for label in first.labels[1:]] == ([] if instead is None else [instead])


def test_an_arm_with_errors_hides_nothing_and_is_not_blamed() -> None:
    found, _ = complaints("use gold when claims.unknown_one == 3  use free when issuer is a  refuse otherwise")
    assert found == []


def test_an_arm_that_never_holds_is_told() -> None:
    here = world(
        f'{DECLARATIONS}\nroute s {{ match GET on "/s" trust b }}\n'
        "select policy on s { use gold when issuer is a  use free otherwise }"
    )
    select = next(item for item in here.items if isinstance(item, nodes.Select))
    arm = select.arms[0]
    assert arm.when is not None
    typed = check_condition(arm.when, here.cells, here.names, Sink())
    sink = Sink()
    check_arms([(arm, typed), (select.arms[1], None)], here.of("s"), sink)
    assert [one.labels[0].text for one in sink.found] == ["its condition never holds on these routes"]


def test_no_cells_no_complaints() -> None:
    sink = Sink()
    check_arms([], (), sink)
    assert sink.found == []


def test_a_hundred_arms_are_told_apart() -> None:
    arms = "  ".join(f'use free when "s{number}" in claims.scope' for number in range(100))
    assert complaints(f"{arms}  refuse otherwise")[0] == []
    found, _ = complaints(f'{arms}  use gold when all of ["s7", "z"] in claims.scope  refuse otherwise')
    assert len(found) == 1
