"""Complaints about policies, selects and limits. One constructor each; its docstring is its page."""

from policylang.check.wording import did_you_mean, names, some_names
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def zone_unknown(zone: str, near: str | None, span: Span) -> Diagnostic:
    """R500: a quota names a time zone that does not exist.

    Zones are named as in the IANA time zone database. Without one, days and months are those of UTC.

    Bad::

        policy free { quota 1_000 per day in "Europe/Berln" }

    Good::

        policy free { quota 1_000 per day in "Europe/Berlin" }
    """
    fix = did_you_mean(near) or (
        'use a name of the IANA database, for instance "Europe/Berlin", or leave it out for UTC',
    )
    return Diagnostic("R500", f"there is no time zone `{zone}`", (Label(span),), help=fix)


def second_select(route: str, span: Span, first: Span) -> Diagnostic:
    """R501: two selects reach one route.

    A route's policies come from one place. Several policies at once are what `select policies` is for.

    Bad::

        policy free { quota 1_000 per day }
        policy gold { quota 9_000 per day }
        select policy on orders { use free otherwise }
        select policy on all { use gold otherwise }

    Good::

        policy free { quota 1_000 per day }
        policy gold { quota 9_000 per day }
        select policy on orders { use gold when claims.plan == "gold"  use free otherwise }
    """
    return Diagnostic(
        "R501",
        f"route `{route}` is reached by two selects",
        (Label(span, "selects again"), Label(first, "selects first")),
        help=("narrow the scope of one, or put their arms together",),
    )


def select_open_ended(word: str, span: Span, fix: str) -> Diagnostic:
    """R502: a select does not say what happens when no arm holds.

    Whether such a request is refused or gets a policy after all is a decision; it is written down.

    Bad::

        policy gold { quota 9_000 per day }
        select policy on orders { use gold when claims.plan == "gold" }

    Good::

        policy gold { quota 9_000 per day }
        select policy on orders { use gold when claims.plan == "gold"  refuse otherwise }
    """
    return Diagnostic(
        "R502",
        f"this `{word}` does not say what happens when no arm holds",
        (Label(span),),
        help=(f"end it with  {fix}  or with  refuse otherwise",),
    )


def arm_after_last(span: Span, last: Span) -> Diagnostic:
    """R503: an arm stands behind one that always holds.

    `select policy` takes the first arm that holds, so what comes after an unconditional arm is never looked at. In
    `select policies`, an arm that always holds leaves nothing to `otherwise`.

    Bad::

        policy free { quota 1_000 per day }
        policy gold { quota 9_000 per day }
        select policy on orders { use free otherwise  use gold when claims.plan == "gold" }

    Good::

        policy free { quota 1_000 per day }
        policy gold { quota 9_000 per day }
        select policy on orders { use gold when claims.plan == "gold"  use free otherwise }
    """
    return Diagnostic(
        "R503",
        "this arm is never taken",
        (Label(span), Label(last, "this one always is")),
        help=("put it before the arm that always holds, or remove one of the two",),
    )


def quotas_unlike(one: str, other: str, windows: tuple[str, str], *, span: Span, first: Span) -> Diagnostic:
    """R505: two policies that can apply together count over different windows.

    Merging takes the larger quota. A thousand a day and ten thousand a month have no larger one: which of the two ends
    first depends on the day. Windows must be of one kind, or the arms must exclude each other.

    Bad::

        policy free { quota 1_000 per day }
        policy plus { quota 10_000 per month }
        select policies on orders {
          add free when claims.plan == "free"
          add plus when "plus" in claims.scope
          refuse otherwise
        }

    Good::

        policy free { quota 1_000 per day }
        policy plus { quota 10_000 per day }
        select policies on orders {
          add free when claims.plan == "free"
          add plus when "plus" in claims.scope
          refuse otherwise
        }
    """
    return Diagnostic(
        "R505",
        f"policies `{one}` and `{other}` can meet, and their quotas cannot be merged",
        (Label(span, f"`{other}` counts {windows[1]}"), Label(first, f"`{one}` counts {windows[0]}")),
        help=(
            "give both quotas the same window, let the arms exclude each other, or state one as a `limit` of its own",
        ),
    )


def counted_anonymous(policy: str, route: str, span: Span, scope: Span) -> Diagnostic:
    """R506: a policy that counts reaches requests without an identity.

    The rate and the quota of a policy are counted for each identity. On a route that trusts `anonymous` there may be
    none, and all anonymous callers would share one counter.

    Bad::

        policy free { quota 1_000 per day }
        route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
        allow ping on health always
        select policy on all { use free otherwise }

    Good::

        policy free { quota 1_000 per day }
        route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
        allow ping on health always
        select policy on routes trusting corp { use free otherwise }
        limit pings on health by client.ip { rate 10 per 1s burst 20  on outage deny }
    """
    return Diagnostic(
        "R506",
        f"policy `{policy}` counts for each identity, and route `{route}` may have none",
        (Label(span), Label(scope, f"reaches `{route}`, which trusts anonymous")),
        help=(
            "narrow the scope:  on routes trusting …",
            "or the arm:  when issuer is not anonymous and …",
            f"anonymous requests are counted with  limit … on {route} by client.ip {{ … }}",
        ),
    )


def limit_unlimited(name: str, span: Span) -> Diagnostic:
    """R507: a limit is unlimited.

    Bad::

        limit daily on orders by identity { quota unlimited  on outage deny }

    Good::

        limit daily on orders by identity { quota 100_000 per day  on outage deny }
    """
    return Diagnostic(
        "R507",
        f"the limit `{name}` limits nothing",
        (Label(span),),
        help=("state a rate, a quota or a concurrency, or remove the limit",),
    )


def limit_without_identity(name: str, routes: tuple[str, ...], span: Span) -> Diagnostic:
    """R508: a limit counts by identity where there may be none.

    On a route that trusts `anonymous`, requests come without an identity, and all of them would share one counter.

    Bad::

        route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
        allow ping on health always
        limit pings on health by identity { rate 10 per 1s burst 20  on outage deny }

    Good::

        route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
        allow ping on health always
        limit pings on health by client.ip { rate 10 per 1s burst 20  on outage deny }
    """
    noun = "routes" if len(routes) > 1 else "route"
    return Diagnostic(
        "R508",
        f"the limit `{name}` counts by identity, and {noun} {some_names(routes)} may have none",
        (Label(span),),
        help=("count by address instead:  by client.ip", f"or leave {names(routes[:1])} out of its scope"),
    )


def burst_too_deep(days: int, largest: int, span: Span) -> Diagnostic:
    """R512: a burst takes more than 36,500 days to refill.

    A rate remembers when its burst will be whole again: burst times period divided by count after now, at most. The
    scripts of a shared store count in microseconds, exactly up to 2^53. A time further ahead could not be counted there.

    Bad::

        policy rare { rate 1 per 366d burst 100 }

    Good::

        policy rare { rate 1 per 366d burst 99 }
    """
    return Diagnostic(
        "R512",
        f"this burst takes more than {days:_} days to refill",
        (Label(span),),
        help=(f"at this rate a burst is at most {largest:_}", "a quota counts many requests over a long time"),
    )
