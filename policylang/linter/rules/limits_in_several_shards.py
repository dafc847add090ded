"""L050: a route whose limits a cluster of stores cannot count in one step."""

from collections.abc import Iterator

from policylang.check.model import CheckedModule, Limit, Policy, Quota, Select
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject

IDENTITY = "identity"


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Routes whose limits are counted by more than one thing."""
    del options
    module = subject.module
    for route in module.routes.values():
        keys = sorted(
            {_key(limit) for limit in module.limits if route.name in limit.routes} | _policies(module, route.name)
        )
        if len(keys) > 1:
            yield Finding(
                route.span,
                f"the limits of `{route.name}` are in several shards of a cluster: by {', by '.join(keys)}",
                f"counted by {len(keys)} keys",
                help=("count all of them by identity, where a cluster's round trips matter",),
            )


def _key(limit: Limit) -> str:
    return limit.key if isinstance(limit.key, str) else f"{limit.key.root}.{limit.key.name}"


def _policies(module: CheckedModule, route: str) -> set[str]:
    """What the policies of a route are counted by: the identity, if one of them counts."""
    selects = [select for select in module.selects if route in select.routes]
    return {IDENTITY} if any(_counts(module, select) for select in selects) else set()


def _counts(module: CheckedModule, select: Select) -> bool:
    """Whether a select may come to a policy that counts; a claim may name any."""
    named = [arm.policy for arm in select.arms] + [select.otherwise]
    chosen = {name for name in named if isinstance(name, str)}
    any_of_them = any(name is not None and not isinstance(name, str) for name in named)
    return any(_limits(policy) for policy in module.policies.values() if any_of_them or policy.name in chosen)


def _limits(policy: Policy) -> bool:
    return policy.rate is not None or policy.concurrency is not None or _limited(policy.quota)


def _limited(quota: Quota | None) -> bool:
    return quota is not None and quota.count is not None


RULE = LintRule(
    code="L050",
    name="limits-in-several-shards",
    severity="note",
    what="A route whose limits are counted by different things: by identity, by route, by a claim.",
    why="A cluster keeps counters in shards, and charges all counters of one shard in one step. Policies and limits by "
    "identity share a shard. Limits by other keys are in shards of their own: they are reserved one after another, the "
    "narrowest first, and given back when a broader one refuses. No limit is ever exceeded, but each shard is a round "
    "trip, and a request that is refused may have taken from the others for an instant. On one server there is no "
    "difference.",
    bad="""policy free { rate 5 per 1s burst 10 }
select policy on orders { use free otherwise }
limit tenant_share on orders by claims.tenant { rate 600 per 1min burst 100   on outage deny }
""",
    good="""policy free { rate 5 per 1s burst 10 }
select policy on orders { use free otherwise }
limit trial on orders by identity { quota 100 per 30d from first use   on outage deny }
""",
    check=check,
)
