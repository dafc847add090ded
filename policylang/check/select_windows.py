"""Quotas that meet in a ``select policies``: two that count over different windows have no larger one."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from policylang.check import errors_policies as errors
from policylang.check.amounts import UTC, window
from policylang.check.bounds import written
from policylang.check.environment import Sink
from policylang.check.infer import disjoint
from policylang.check.model import Policy, Quota, Ref
from policylang.check.select_arms import TypedArm


def check_windows(arms: Sequence[TypedArm], policies: Mapping[str, Policy], sink: Sink) -> None:
    """Complain, once for each pair of arms, of limited quotas over different windows that can apply together."""
    counted = [(arm, _counting(arm, policies)) for arm in arms if not arm.node.otherwise]
    for arm, own in counted:
        if isinstance(arm.policy, Ref):
            _complain_of_first(arm, own, arm, own, sink)
    for (one, own), (other, others) in combinations(counted, 2):
        if own and others and not disjoint(one.when, other.when):
            _complain_of_first(one, own, other, others, sink)


def _counting(arm: TypedArm, policies: Mapping[str, Policy]) -> list[tuple[Policy, Quota]]:
    """The policies of an arm that have a limited quota: an unlimited one is larger than all."""
    return [
        (policy, policy.quota)
        for policy in arm.named(policies)
        if policy.quota is not None and policy.quota.count is not None
    ]


def _complain_of_first(
    one: TypedArm,
    own: Sequence[tuple[Policy, Quota]],
    other: TypedArm,
    others: Sequence[tuple[Policy, Quota]],
    sink: Sink,
) -> None:
    for policy, quota in own:
        for rival, rival_quota in others:
            if window(quota) != window(rival_quota):
                windows = (_in_words(quota), _in_words(rival_quota))
                span, first = other.node.span, one.node.span
                sink.add(errors.quotas_unlike(policy.name, rival.name, windows, span=span, first=first))
                return


def _in_words(quota: Quota) -> str:
    if isinstance(quota.period, int):
        return f"per {written(quota.period)} from first use"
    return f"per {quota.period} in {quota.zone or UTC}"
