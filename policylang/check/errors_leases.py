"""Complaints about leases: allowance that a gateway takes ahead. One constructor each; its docstring is its page."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def rate_leased(span: Span) -> Diagnostic:
    """R509: a rate has a lease.

    A lease is allowance that a gateway takes now and spends later. What a rate allows belongs to the time at which it was
    taken: spent later, beside what the rate allows then, it would exceed the rate in some window. A quota counts within
    one window, and the lease ends with it.

    Bad::

        policy free { rate 5 per 1s burst 10 lease 2 }

    Good::

        policy free { rate 5 per 1s burst 10  quota 1_000 per day lease 10 }
    """
    return Diagnostic(
        "R509",
        "a rate cannot be leased",
        (Label(span, "spent later, this would exceed the rate"),),
        help=("remove the lease, or lease from a quota",),
    )


def lease_bounds(lease: int, count: int, span: Span) -> Diagnostic:
    """R510: a lease is too large for its quota, or too small to be one.

    What a gateway has taken and does not spend is lost to the others until the window ends. A lease of more than half
    of the quota would leave a second gateway with less than a whole one; a lease of one saves nothing.

    Bad::

        policy free { quota 1_000 per day lease 600 }

    Good::

        policy free { quota 1_000 per day lease 10 }
    """
    fix = f"a lease is from 2 to {count // 2:_}, half of the quota" if count >= 4 else "remove the lease"
    return Diagnostic(
        "R510",
        f"a lease of {lease:_} does not go with a quota of {count:_}",
        (Label(span),),
        help=(fix,),
    )


def lease_unlimited(span: Span) -> Diagnostic:
    """R511: an unlimited quota has a lease.

    Nothing is counted, so nothing can be taken ahead.

    Bad::

        policy gold { rate 100 per 1s burst 200  quota unlimited lease 100 }

    Good::

        policy gold { rate 100 per 1s burst 200  quota 1_000_000 per month lease 100 }
    """
    return Diagnostic("R511", "an unlimited quota cannot be leased", (Label(span),), help=("remove the lease",))
