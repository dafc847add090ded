"""Complaints about conditions and arms that no request can change: R244, R246 to R249.

One constructor each; its docstring is its page.
"""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def decided_by_type(text: str, truth: str | None, reason: str, span: Span) -> Diagnostic:
    """R244: a comparison has the same answer for every value that its sides may have.

    The bounds of the declaration decide it, or both sides are constant, or both are the same. ``truth`` is the answer
    where it is told.

    Bad::

        deny risky on orders when claims.score > 200      # score: int 0..100

    Good::

        deny risky on orders when claims.score > 50
    """
    return Diagnostic(
        "R244",
        "this comparison has one answer for all requests" if truth is None else f"this comparison is always {truth}",
        (Label(span, reason),),
        help=(f"`{text}` cannot tell two requests apart: correct it or take it out",),
    )


def always_holds(span: Span, reason: str) -> Diagnostic:
    """R246: a condition is true for every request that the rule covers.

    What holds always is written `always`, so that nobody reads a restriction into it.

    Bad::

        # route `ops` trusts staff only
        allow see_ops on ops when issuer is staff

    Good::

        allow see_ops on ops always
    """
    return Diagnostic(
        "R246",
        "this condition always holds",
        (Label(span, reason),),
        help=("write `always` (`otherwise` in a select) if that is meant; else correct the condition",),
    )


def never_holds(span: Span, reason: str) -> Diagnostic:
    """R247: a condition is false for every request that the rule covers.

    Such an allow never grants, and such a deny never denies: it only looks as if it did.

    Bad::

        # only `hooks` declares `events`, and `orders` does not trust it
        let paid = claims.events present and "order.paid" in claims.events
        allow paid on orders when paid

    Good::

        let paid = claims.events present and "order.paid" in claims.events
        allow paid on hook when paid
    """
    return Diagnostic(
        "R247",
        "this condition never holds",
        (Label(span, reason),),
        help=("correct the condition or the scope, or remove the rule",),
    )


def contradiction(span: Span, first: Span | None, second: Span) -> Diagnostic:
    """R248: parts of a condition that are joined by `and` exclude each other.

    Bad::

        allow both on orders when claims.plan == "free" and claims.plan == "gold"

    Good::

        allow both on orders when claims.plan == "gold" and claims.acr == "mfa"
    """
    labels = [Label(second, "excludes what stands beside it" if first is None else "never holds together")]
    if first is not None:
        labels.append(Label(first, "with this"))
    elif span != second:
        labels.append(Label(span, "never holds"))
    return Diagnostic(
        "R248",
        "these conditions can never hold together",
        tuple(labels),
        help=("join alternatives by `or` (or `in [ … ]`), or correct one of them",),
    )


def unreachable_arm(span: Span, reason: str, other: Span | None) -> Diagnostic:
    """R249: an arm of a `select policy` is never taken.

    The first arm that holds is taken. An arm whose condition implies that an earlier one holds is never reached.

    Bad::

        select policy on orders {
          use free when any of ["read", "write"] in claims.scope
          use gold when "write" in claims.scope
          refuse otherwise
        }

    Good::

        select policy on orders {
          use gold when "write" in claims.scope
          use free when "read" in claims.scope
          refuse otherwise
        }
    """
    labels = [Label(span, reason)]
    if other is not None:
        labels.append(Label(other, "this arm is taken instead"))
    return Diagnostic(
        "R249",
        "this arm is never taken",
        tuple(labels),
        help=("put the narrower arm first, or remove this one",),
    )
