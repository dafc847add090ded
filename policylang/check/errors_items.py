"""Complaints about where items stand and what nothing uses. One constructor each; its docstring is its page."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def foreign_item(what: str, route: str, span: Span, declared: Span) -> Diagnostic:
    """R720: something that opens or speaks for a route stands in another file than the route.

    Whoever owns a route's file decides who may use the route and what its upstream is told. So an `allow`, a header
    `set` and an identity token stand in the file that declares every route they reach. A `deny`, a `limit`, a `remove`
    and a shadow rule may stand anywhere: they only take away, or watch.

    Bad::

        # file other.rules
        allow reading on orders for GET when "orders:read" in claims.scope

    Good::

        # file other.rules
        deny reading on orders for GET when "orders:read" not in claims.scope
    """
    return Diagnostic(
        "R720",
        f"{what} reaches route `{route}`, which another file declares",
        (Label(span), Label(declared, f"`{route}` is declared here")),
        help=("move it to the file of the route, or leave the route out of its scope",),
    )


def issuer_unused(name: str, span: Span) -> Diagnostic:
    """R730: no route trusts an issuer.

    An issuer that nobody trusts is a route that forgot to, or a leftover; either way its keys are fetched for nothing.

    Bad::

        issuer spare {
          iss "https://spare.example.com"  keys "https://spare.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer spare {
          iss "https://spare.example.com"  keys "https://spare.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
        route spares { match GET on "/spares"  trust spare  upstream "http://127.0.0.1:9000" }
        allow spares on spares always
    """
    return Diagnostic(
        "R730", f"no route trusts issuer `{name}`", (Label(span, "never used"),), help=("trust it, or remove it",)
    )


def setting_unused(name: str, span: Span) -> Diagnostic:
    """R731: nothing uses a setting.

    Every environment must give a value to every setting; one that changes nothing misleads whoever operates it.

    Bad::

        setting other_url url

    Good::

        setting other_url url
        route others { match GET on "/others"  trust corp  upstream setting.other_url }
        allow others on others always
    """
    return Diagnostic(
        "R731",
        f"nothing uses setting `{name}`",
        (Label(span, "never used"),),
        help=(f"use it as `setting.{name}`, or remove it",),
    )


def let_unused(name: str, span: Span) -> Diagnostic:
    """R732: no rule uses a `let`.

    Bad::

        let risky = claims.risk absent or claims.risk > 50

    Good::

        let risky = claims.risk absent or claims.risk > 50
        deny too_risky on orders when risky
    """
    return _unused("R732", f"no rule uses the let `{name}`", span, "use it in a condition, or remove it")


def policy_unused(name: str, span: Span) -> Diagnostic:
    """R733: no select uses a policy.

    Bad::

        policy free { quota 1_000 per day }

    Good::

        policy free { quota 1_000 per day }
        select policy on orders { use free otherwise }
    """
    return _unused("R733", f"no select uses policy `{name}`", span, "use it in a `select`, or remove it")


def secret_unused(name: str, span: Span) -> Diagnostic:
    """R734: nothing uses a secret.

    Bad::

        secret upstream_key

    Good::

        secret upstream_key
        request headers on orders { set X-Key secret.upstream_key }
    """
    return _unused("R734", f"nothing uses secret `{name}`", span, f"use it as `secret.{name}`, or remove it")


def _unused(code: str, title: str, span: Span, fix: str) -> Diagnostic:
    return Diagnostic(code, title, (Label(span, "never used"),), help=(fix,), severity="warning")
