"""Complaints about headers and identity tokens. One constructor each; its docstring is its page."""

from policylang.check.wording import names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def header_reserved(name: str, reason: str, span: Span) -> Diagnostic:
    """R600: a rule sets a header that is not its to set.

    Framing, `Host`, hop-by-hop and forwarding headers say how the message travels. If rules could write them, a claim
    could end a message early or pretend another client.

    Bad::

        request headers on orders { set X-Forwarded-User "{claims.sub}" }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
    """
    return Diagnostic(
        "R600",
        f"no rule can set `{name}`: {reason}",
        (Label(span),),
        help=("choose another name, or leave it to the gateway",),
    )


def header_unremovable(name: str, reason: str, span: Span) -> Diagnostic:
    """R601: a rule removes a header that every message needs.

    Bad::

        request headers on orders { remove Host }

    Good::

        request headers on orders { remove Referer }
    """
    return Diagnostic("R601", f"no rule can remove `{name}`: {reason}", (Label(span),), help=("leave it out",))


def two_writers(name: str, other: str, route: str, direction: str, *, span: Span, first: Span) -> Diagnostic:
    """R602: two rules write one header of one route.

    Which of the two would arrive? A header has one writer for each route and direction. Names count as one when some
    server may take them for one: without case, `_` as `-`. The header of an identity token counts as well.

    Bad::

        request headers on orders { set X-User "{claims.sub}" }
        request headers on all    { set "X_User" "{claims.tenant}" }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
        request headers on all    { set X-Tenant "{claims.tenant}" }
    """
    title = f"`{name}` has two writers on the {direction}s of route `{route}`"
    notes = (f"`{name}` and `{other}` are one header to many servers",) if name.lower() != other.lower() else ()
    return Diagnostic(
        "R602",
        title,
        (Label(span, "written again"), Label(first, "first written here")),
        help=("keep one of the two, or give one another name or another scope",),
        notes=notes,
    )


def wildcard_too_wide(text: str, span: Span) -> Diagnostic:
    """R603: a removal takes in headers that begin with fewer than two characters.

    `"X*"` is nearly every header that applications use; a slip like that is hard to find later.

    Bad::

        response headers on orders { remove "X*" }

    Good::

        response headers on orders { remove "X-Internal-*" }
    """
    return Diagnostic(
        "R603",
        f"`{text}` removes too much",
        (Label(span),),
        help=("write at least two characters before the `*`",),
    )


def omit_says_nothing(span: Span) -> Diagnostic:
    """R604: `omit when absent`, and nothing in the value can be absent.

    Bad::

        request headers on orders { set X-User "{claims.sub}" omit when absent }

    Good::

        request headers on orders { set X-Risk "{claims.risk}" omit when absent }
    """
    return Diagnostic(
        "R604",
        "nothing in this value can be absent",
        (Label(span),),
        help=("remove `omit when absent`",),
        severity="warning",
    )


def omit_misplaced(word: str, span: Span) -> Diagnostic:
    """R605: `omit` on a value that is the same in every request.

    Bad::

        request headers on orders { set X-Gateway "policylang" omit when empty }

    Good::

        request headers on orders { set X-Gateway "policylang" }
    """
    return Diagnostic(
        "R605",
        f"this value is a constant, so it is never {word}",
        (Label(span),),
        help=(f"remove `omit when {word}`",),
    )


def joint_malformed(text: str, span: Span) -> Diagnostic:
    """R606: a separator that a list in a header cannot have.

    Items are joined by one printable ASCII character or by a comma and a blank. An item that contains the separator
    refuses the request.

    Bad::

        metadata { fresh within 30s  roles: set of slug default [] }
        request headers on orders { set X-Roles metadata.roles joined by " and " }

    Good::

        metadata { fresh within 30s  roles: set of slug default [] }
        request headers on orders { set X-Roles metadata.roles joined by ", " }
    """
    return Diagnostic(
        "R606",
        f'"{text}" is no separator for a header' if text.isprintable() else "this is no separator for a header",
        (Label(span),),
        help=('use one printable ASCII character or ", "',),
    )


def header_text_unfit(reason: str, span: Span) -> Diagnostic:
    """R607: the text of a header value cannot stand in a header.

    Header values are printable ASCII (RFC 9110 section 5.5); other bytes are read differently by different servers, and
    blanks at the ends are dropped on the way.

    Bad::

        request headers on orders { set X-Greeting "grüß dich" }

    Good::

        request headers on orders { set X-Greeting "hello" }
    """
    return Diagnostic("R607", f"this header value {reason}", (Label(span),), help=("write printable ASCII",))


def secret_to_client(name: str, span: Span) -> Diagnostic:
    """R608: a secret is set as a header of the response.

    A secret is for the upstream; in a response it would be the client's.

    Bad::

        secret upstream_key
        response headers on orders { set X-Key secret.upstream_key }

    Good::

        secret upstream_key
        request headers on orders { set X-Key secret.upstream_key }
    """
    return Diagnostic(
        "R608",
        f"the secret `{name}` would be sent to the client",
        (Label(span),),
        help=("set it on requests to the upstream:  request headers on …",),
    )


def minted_registered(name: str, span: Span) -> Diagnostic:
    """R609: an identity token declares a claim that the gateway itself writes.

    `iss`, `sub`, `aud`, `exp`, `nbf`, `iat` and `jti` of an identity token are the gateway's word (RFC 7519 section
    4.1): `subject`, `audience` and `lifetime` say what goes in.

    Bad::

        identity token for_orders on orders {
          audience "svc-orders"  subject claims.sub  lifetime 60s  header X-Identity  claims { aud: claims.tenant }
        }

    Good::

        identity token for_orders on orders {
          audience "svc-orders"  subject claims.sub  lifetime 60s  header X-Identity  claims { tenant: claims.tenant }
        }
    """
    return Diagnostic(
        "R609",
        f"the gateway itself writes `{name}`",
        (Label(span),),
        help=(f"choose another name, for instance `caller_{name}`",),
        edits=(Edit(span, f"caller_{name}"),),
    )


def token_without_caller(name: str, routes: tuple[str, ...], span: Span) -> Diagnostic:
    """R610: an identity token is minted where nobody has an identity.

    A route that trusts `anonymous` only has no caller whom a token could speak of. On a route that trusts an issuer
    besides, the token is minted for callers with a credential and left out for the others.

    Bad::

        route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
        allow ping on health always
        identity token for_health on health {
          audience "svc-health"  subject claims.sub  lifetime 60s  header X-Identity
        }

    Good::

        identity token for_orders on orders {
          audience "svc-orders"  subject claims.sub  lifetime 60s  header X-Identity
        }
    """
    noun = "routes" if len(routes) > 1 else "route"
    return Diagnostic(
        "R610",
        f"there is no caller on {noun} {names(routes)} whom the token `{name}` could speak of",
        (Label(span, "trusts anonymous only"),),
        help=("leave it out of the scope, or let it trust an issuer",),
    )
