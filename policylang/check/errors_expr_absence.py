"""Complaints about values that may be absent, and about asking for absence where there is none: R204 to R206, R241, R242.

One constructor each; its docstring is its page.
"""

from collections.abc import Sequence

from policylang.check.wording import some_names
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def may_be_absent(
    what: str, consequence: str, labels: Sequence[Label], notes: Sequence[str], help_lines: Sequence[str]
) -> Diagnostic:
    """R204: a value that a request may not have is used as if it were always there.

    `optional` says that a token may lack the claim; an issuer that does not declare it, an anonymous request and a
    request header may lack it too. What a missing value means is a decision, so the rule says it: with a guard, or
    with a default. ``what`` is the value in words; ``consequence`` goes on with "so".

    Bad::

        deny risky on orders when claims.risk > 50

    Good::

        deny risky on orders when claims.risk absent or claims.risk > 50
    """
    return Diagnostic(
        "R204", f"{what} may be absent, so {consequence}", tuple(labels), help=tuple(help_lines), notes=tuple(notes)
    )


def anonymous_route(what: str, span: Span, routes: Sequence[str]) -> Diagnostic:
    """R205: a rule names claims, metadata or the policy on a route that takes only anonymous requests.

    No credential is read there, so there is nobody to know anything about.

    Bad::

        # route `health` trusts anonymous
        deny blocked on all when metadata.blocked

    Good::

        deny blocked on orders, ops when metadata.blocked
    """
    noun, verb = ("route", "takes") if len(routes) == 1 else ("routes", "take")
    return Diagnostic(
        "R205",
        f"{noun} {some_names(routes)} {verb} only anonymous requests, which have no {what}",
        (Label(span),),
        help=("narrow the scope, for instance `on routes trusting …`, or put `issuer is not anonymous and` before it",),
    )


def anonymous_request(what: str, span: Span, route: str, atom: str | None) -> Diagnostic:
    """R206: metadata or the policy is used where a request may be anonymous.

    A route that trusts an issuer and `anonymous` serves requests without an identity: there are no metadata and no
    policy for them. ``atom`` is the smallest condition around the value, as written.

    Bad::

        # route `shop` trusts staff and anonymous
        deny blocked on shop when metadata.blocked

    Good::

        deny blocked on shop when issuer is not anonymous and metadata.blocked
    """
    fix = "no header, token or limit can be made of it there" if atom is None else f"issuer is not anonymous and {atom}"
    return Diagnostic(
        "R206",
        f"route `{route}` also takes anonymous requests, which have no {what}",
        (Label(span, "has no value for them"),),
        help=(fix,),
    )


def never_absent(
    what: str, span: Span, word: str, truth: str, declared: Span | None, notes: Sequence[str] = ()
) -> Diagnostic:
    """R241: `present` or `absent` is asked of something that every request has.

    A claim is required unless it is declared `optional`, and one with a `default` always has a value: the test has
    the same answer for every request, so it guards nothing.

    Bad::

        deny nobody on orders when claims.sub absent

    Good::

        deny risky on orders when claims.risk absent
    """
    labels = [Label(span, f"`{word}` is always {truth} here")]
    if declared is not None:
        labels.append(Label(declared, "required, or with a default"))
    return Diagnostic(
        "R241",
        f"{what} is never absent",
        tuple(labels),
        help=("take the test out, or declare the claim `optional` if tokens without it are to be accepted",)
        if declared is not None
        else ("take the test out",),
        notes=tuple(notes),
    )


def default_never_used(what: str, span: Span, declared: Span | None, notes: Sequence[str] = ()) -> Diagnostic:
    """R242: the left side of `??` is never absent, so the default is never used.

    Bad::

        deny weak on orders when (claims.acr ?? "pwd") != "mfa"      # acr has a default in its declaration

    Good::

        deny weak on orders when claims.acr != "mfa"
    """
    labels = [Label(span, "always has a value")]
    if declared is not None:
        labels.append(Label(declared, "required, or with a default"))
    return Diagnostic(
        "R242",
        f"{what} is never absent, so `??` does nothing",
        tuple(labels),
        help=("take the default out",),
        notes=tuple(notes),
    )
