"""Selects: which policies a caller gets. What happens when no arm holds is written down, and every arm can be reached."""

from collections.abc import Sequence

from policylang.check import errors_names
from policylang.check import errors_policies as errors
from policylang.check.environment import Sink
from policylang.check.ground import Ground
from policylang.check.infer import check_arms
from policylang.check.model import Arm, Select
from policylang.check.select_arms import typed_arm
from policylang.check.select_cells import check_anonymous
from policylang.check.select_places import Placed
from policylang.check.select_windows import check_windows
from policylang.syntax import nodes


def check_selects(placed: Sequence[Placed], ground: Ground) -> tuple[Select, ...]:
    """The checked selects, sorted by their routes. Complains of all that is wrong in them."""
    found = sorted((_select(here, ground) for here in placed), key=lambda select: select.routes)
    return tuple(
        Select(index, select.every, select.routes, select.arms, select.otherwise, select.span)
        for index, select in enumerate(found)
    )


def _select(here: Placed, ground: Ground) -> Select:
    node, sink, policies = here.node, ground.sink, ground.names.policies
    cells = ground.cells.of(here.reach.routes)
    typed = [typed_arm(arm, node, cells, ground) for arm in node.arms]
    reached = _every(here, sink) if node.every else _first(here, sink)
    arms = [arm for arm in typed if arm is not None and arm.node in reached]
    if node.every:
        check_windows(arms, policies, sink)
    else:
        conditions = {id(arm.node): arm.when for arm in arms}
        check_arms([(arm, conditions.get(id(arm))) for arm in reached], cells, sink)
    check_anonymous(node, arms, policies, cells, sink)
    fallback = next((arm.policy for arm in arms if arm.node.otherwise), None)
    return Select(
        index=0,
        every=node.every,
        routes=here.reach.routes,
        arms=tuple(
            Arm(arm.policy, arm.when, arm.node.span)
            for arm in arms
            if arm.policy is not None and not (node.every and arm.node.otherwise)
        ),
        otherwise=fallback if node.every and isinstance(fallback, str) else None,
        span=here.span,
    )


def _first(here: Placed, sink: Sink) -> tuple[nodes.Arm, ...]:
    """The arms of a ``select policy`` up to the one that is always taken."""
    arms = here.node.arms
    last = next((index for index, arm in enumerate(arms) if arm.when is None), None)
    if last is None:
        sink.add(errors.select_open_ended("select policy", here.span, "use … otherwise"))
        return arms
    for arm in arms[last + 1 :]:
        sink.add(errors.arm_after_last(arm.span, arms[last].span))
    return arms[: last + 1]


def _every(here: Placed, sink: Sink) -> tuple[nodes.Arm, ...]:
    """The arms of a ``select policies`` without an ``otherwise`` that comes to nothing.

    A set of policies may be empty, so an arm that takes one is not sure to add anything.
    """
    arms = here.node.arms
    fallbacks = [arm for arm in arms if arm.otherwise]
    always = [arm for arm in arms if arm.when is None and not arm.otherwise and isinstance(arm.policy, nodes.Name)]
    for again in fallbacks[1:]:
        sink.add(errors_names.field_repeated("this `select policies`", "otherwise", again.span, fallbacks[0].span))
    if always and fallbacks:
        sink.add(errors.arm_after_last(fallbacks[0].span, always[0].span))
    if not always and not fallbacks:
        sink.add(errors.select_open_ended("select policies", here.span, "add … otherwise"))
    kept = () if always else fallbacks[:1]
    return tuple(arm for arm in arms if not arm.otherwise or arm in kept)
