"""Complaints about scopes. One constructor each; its docstring is its page."""

from policylang.check.wording import did_you_mean, some_names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def no_route_tagged(tag: str, near: str | None, having: tuple[str, ...], span: Span) -> Diagnostic:
    """R280: no route has the tag that a scope asks for.

    A rule that reaches nothing protects nothing.

    Bad::

        deny outside on routes tagged internl when client.ip not in ["10.0.0.0/8"]
        route ops { match GET on "/ops"  trust corp  upstream "http://127.0.0.1:9000"  tags internal }
        allow ops on ops always

    Good::

        deny outside on routes tagged internal when client.ip not in ["10.0.0.0/8"]
        route ops { match GET on "/ops"  trust corp  upstream "http://127.0.0.1:9000"  tags internal }
        allow ops on ops always
    """
    return _nothing("R280", f"no route is tagged `{tag}`", near, "the tags are", having, span)


def no_route_capturing(name: str, near: str | None, having: tuple[str, ...], span: Span) -> Diagnostic:
    """R281: no route captures the name that a scope asks for.

    Bad::

        deny cross on routes with path.tennant when claims.tenant != path.tenant

    Good::

        deny cross on routes with path.tenant when claims.tenant != path.tenant
    """
    return _nothing("R281", f"no route captures `path.{name}`", near, "the captures are", having, span)


def no_route_trusting(issuer: str, span: Span) -> Diagnostic:
    """R282: no route trusts the issuer that a scope asks for.

    Bad::

        deny anyone on routes trusting anonymous when client.ip not in ["10.0.0.0/8"]

    Good::

        deny risky on routes trusting corp when claims.risk absent
    """
    return Diagnostic(
        "R282",
        f"no route trusts `{issuer}`",
        (Label(span, "so this reaches nothing"),),
        help=("name an issuer that a route trusts, or remove the rule",),
    )


def no_routes(span: Span) -> Diagnostic:
    """R283: a scope is `all`, and there are no routes at all.

    Bad: a rule set of issuers and denies, without a route.

    Good: a rule set with a route.
    """
    return Diagnostic(
        "R283",
        "there is no route, so this reaches nothing",
        (Label(span),),
        help=("declare a route, or remove the rule",),
    )


def allow_on_all(name: str, span: Span, fix: str) -> Diagnostic:
    """R284: an `allow` on all routes.

    A route that is added next year would be open on the day it is added. A deny may be as wide as it likes; an allow
    says which routes it opens.

    Bad::

        allow reading on all for GET when "orders:read" in claims.scope

    Good::

        allow reading on orders for GET when "orders:read" in claims.scope
    """
    return Diagnostic(
        "R284",
        f"`allow {name}` opens every route, those of tomorrow included",
        (Label(span),),
        help=(f"name the routes it is meant for:  allow {name} on {fix} …",),
    )


def _nothing(code: str, title: str, near: str | None, what: str, having: tuple[str, ...], span: Span) -> Diagnostic:
    known = (f"{what} {some_names(having)}",) if having else ("no route has any",)
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic(
        code, title, (Label(span, "so this reaches nothing"),), help=did_you_mean(near) or known, edits=edits
    )
