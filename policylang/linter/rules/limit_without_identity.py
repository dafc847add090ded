"""L030: a shared limit that one caller can use up."""

from collections.abc import Iterator

from policylang.check.model import Limit
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Limits that callers share, on routes with tokens where nothing counts each caller or each address."""
    del options
    counted = {route for limit in subject.module.limits if limit.key == "identity" for route in limit.routes}
    counted |= {route for limit in subject.module.limits if _by_address(limit) for route in limit.routes}
    counted |= {route for select in subject.module.selects for route in select.routes}
    for limit in subject.module.limits:
        if limit.key == "identity":
            continue
        open_to_one = [name for name in limit.routes if subject.module.routes[name].trust and name not in counted]
        if open_to_one:
            yield Finding(
                limit.span,
                f"one caller can use up `{limit.name}` of `{open_to_one[0]}` for all others",
                f"counted by {_key(limit)}, and nothing counts the caller",
                help=("count each caller too:  limit … by identity { … }  or a policy",),
            )


def _by_address(limit: Limit) -> bool:
    return not isinstance(limit.key, str) and limit.key.root == "client"


def _key(limit: Limit) -> str:
    return limit.key if isinstance(limit.key, str) else f"{limit.key.root}.{limit.key.name}"


RULE = LintRule(
    code="L030",
    name="limit-without-identity",
    severity="warning",
    what="A `limit` that many callers share, on a route where neither a policy nor a limit counts each caller or address.",
    why="A shared limit protects the service. Alone it also lets any single caller lock out all others, by being the one "
    "that uses it up.",
    bad="limit total on orders by route { rate 100 per 1s burst 100   on outage deny }\n",
    good="""limit total on orders by route    { rate 100 per 1s burst 100   on outage deny }
limit each  on orders by identity { rate 10 per 1s burst 20     on outage deny }
""",
    check=check,
)
