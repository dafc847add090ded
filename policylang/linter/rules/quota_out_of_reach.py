"""L034: a quota that its own rate never lets anybody reach."""

from collections.abc import Iterator

from policylang.check.bounds import DAY, HOUR
from policylang.check.model import Quota, Rate
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject

_LONGEST = {"day": DAY + HOUR, "week": 7 * DAY + HOUR, "month": 31 * DAY + HOUR}
"""The longest that a calendar period can be: clocks are put back in it."""


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Policies whose rate admits fewer requests in a whole period than the quota grants."""
    del options
    for policy in subject.module.policies.values():
        rate, quota = policy.rate, policy.quota
        if rate is None or quota is None or quota.count is None:
            continue
        most = _admitted(rate, quota)
        if most < quota.count:
            yield Finding(
                policy.span,
                f"the quota of `{policy.name}` is never reached: its rate admits at most {most:,} requests in that time",
                f"quota {quota.count:,}",
                help=("raise the rate, or lower the quota to what is meant",),
            )


def _admitted(rate: Rate, quota: Quota) -> int:
    """GCRA: at most burst + floor(count * W / per) in any window W."""
    window = quota.period if isinstance(quota.period, int) else _LONGEST[quota.period or "month"]
    return rate.burst + rate.count * window // rate.per_micros


RULE = LintRule(
    code="L034",
    name="quota-out-of-reach",
    severity="warning",
    what="A `policy` whose quota is larger than what its rate admits in the same time.",
    why="The quota decides nothing. Often a unit is wrong: a rate per minute that was meant per second.",
    bad="""policy free { rate 1 per 1min burst 5   quota 100_000 per day }
select policy on orders { use free otherwise }
""",
    good="""policy free { rate 5 per 1s burst 10   quota 100_000 per day }
select policy on orders { use free otherwise }
""",
    check=check,
)
