"""L033: a policy that limits nothing."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Policies with neither a rate, nor a concurrency, nor a quota that counts."""
    del options
    for policy in subject.module.policies.values():
        if policy.rate is None and policy.concurrency is None and (policy.quota is None or policy.quota.count is None):
            yield Finding(
                policy.span,
                f"the policy `{policy.name}` limits nothing",
                "neither a rate, nor a concurrency, nor a counted quota",
                help=("give it a rate, however generous:  rate 1_000 per 1s burst 2_000",),
            )


RULE = LintRule(
    code="L033",
    name="policy-without-limit",
    severity="note",
    what="A `policy` without a rate, without a concurrency and without a quota that counts.",
    why="Whoever has this policy can use up the service for all others, by a loop in their own code too.",
    bad="""policy free { quota 1_000 per day }
policy gold { quota unlimited }
select policy on orders { use gold when claims.plan == "gold"   use free otherwise }
""",
    good="""policy free { quota 1_000 per day }
policy gold { rate 500 per 1s burst 500   quota unlimited }
select policy on orders { use gold when claims.plan == "gold"   use free otherwise }
""",
    check=check,
)
