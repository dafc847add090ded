"""Complaints about the shape of declarations, codes R170 to R189. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def empty_member_path(at: Span) -> Diagnostic:
    """R170: an empty path into the token.

    `from` names one member, or the members on the way down.

    Bad::

        issuer corp { claims { roles: set of text from [] } }

    Good::

        issuer corp { claims { roles: set of text from ["realm_access", "roles"] } }
    """
    return Diagnostic("R170", "this names no member", (Label(at),), help=('write "member" or ["outer", "inner"]',))


def bad_cookie_name(at: Span) -> Diagnostic:
    """R171: a cookie name that HTTP does not allow.

    A cookie's name is a token (RFC 6265 section 4.1.1).

    Bad::

        issuer corp { credential cookie "my session" }

    Good::

        issuer corp { credential cookie "session" }
    """
    return Diagnostic("R171", "this is not a cookie name", (Label(at),))


def keyring_field(at: Span, word: str) -> Diagnostic:
    """R173: a field of tokens in a keyring.

    A keyring holds access keys. A key is looked up where it is kept, so nothing in it is signed by an issuer, is for an
    audience or has a clock: `iss`, `keys`, `algorithms`, `audience`, `leeway`, `lifetime` and `marked` say nothing of it.
    When a key ends is said when it is made. Tokens that name a key of the keyring are an issuer of their own, with
    `keys keyring NAME`.

    Bad::

        keyring partners { identity by claims.account  claims { account: text }  audience "api" }

    Good::

        keyring partners { identity by claims.account  claims { account: text } }
    """
    return Diagnostic(
        "R173",
        f"a keyring has no `{word}`",
        (Label(at, "a field of an issuer"),),
        help=("a keyring has `identity by`, `credential` and `claims`; tokens that its keys verify are an issuer's",),
    )


def repeated_modifier(at: Span, word: str) -> Diagnostic:
    """R172: a claim that says the same thing twice.

    Each modifier stands once, so that there is one answer to what a claim means.

    Bad::

        issuer corp { claims { plan: slug default "a" default "b" } }

    Good::

        issuer corp { claims { plan: slug default "a" } }
    """
    return Diagnostic("R172", f"`{word}` is there twice", (Label(at),))
