"""Complaints about keyrings. One constructor each; its docstring is its page."""

from policylang.check.wording import names
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def keyring_without_identity(route: str, name: str, span: Span, declared: Span) -> Diagnostic:
    """R432: a route trusts a keyring that does not say who its callers are.

    A keyring without `identity by` holds keys that verify tokens. Its keys are credentials themselves only if it says by
    which of the facts kept with a key its caller is known: limits count by that, and logs name it.

    Bad::

        keyring partners { }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always

    Good::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
    """
    return Diagnostic(
        "R432",
        f"route `{route}` trusts keyring `{name}`, which does not say who its callers are",
        (Label(span, "trusted here"), Label(declared, "without `identity by`")),
        help=("add to the keyring:  identity by claims.account   claims { account: text(1..64) }",),
    )


def keyrings_together(route: str, one: str, other: str, *, span: Span, declared: tuple[Span, Span]) -> Diagnostic:
    """R433: a route trusts two keyrings whose keys travel in one place.

    An access key is looked up in one keyring, and nothing in the key says in which. So two keyrings of a route need two
    places. Tokens may share a place with keys: a token has two dots in it and a key has one.

    Bad::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        keyring robots   { identity by claims.robot    claims { robot: slug } }
        route feeds { match GET on "/feeds"  trust partners, robots  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always

    Good::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        keyring robots   { identity by claims.robot    claims { robot: slug }  credential header X-Robot-Key }
        route feeds { match GET on "/feeds"  trust partners, robots  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
    """
    return Diagnostic(
        "R433",
        f"a key for route `{route}` may be of both {names((one, other))}, whose keys travel in one place",
        (Label(span, "trusted here"), Label(declared[0], f"`{one}`"), Label(declared[1], f"`{other}`")),
        help=("give one of them a place of its own:  credential header X-Api-Key",),
    )


def keyring_without_callers(name: str, what: str, span: Span) -> Diagnostic:
    """R434: a keyring has claims or a credential, and no `identity by`.

    Without `identity by` its keys verify tokens and are no credentials: nothing would ever read its claims, or look where
    its keys travel.

    Bad::

        keyring partners { claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust corp  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always

    Good::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
    """
    return Diagnostic(
        "R434",
        f"keyring `{name}` has {what}, and does not say who its callers are",
        (Label(span),),
        help=(f"add `identity by claims.…`, or remove {what} if its keys only verify tokens",),
    )


def keyring_claim(name: str, span: Span) -> Diagnostic:
    """R435: a keyring declares what only a token has.

    `iss`, `aud`, `exp`, `nbf`, `iat` and `jti` say something of a token (RFC 7519 section 4.1). Kept with a key they would
    look as if they were obeyed. When a key ends is said when it is made.

    Bad::

        keyring partners { identity by claims.account  claims { account: text(1..64)  exp: time } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always

    Good::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
    """
    return Diagnostic(
        "R435",
        f"`{name}` says something of a token, and an access key is none",
        (Label(span),),
        help=("give the fact another name; when a key ends is said when it is made",),
    )


def keyring_unused(name: str, span: Span) -> Diagnostic:
    """R735: no route trusts a keyring, and no issuer's tokens name its keys.

    Bad::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }

    Good::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
    """
    return Diagnostic(
        "R735",
        f"nothing uses keyring `{name}`",
        (Label(span, "never used"),),
        help=(f"trust it on a route, let an issuer have `keys keyring {name}`, or remove it",),
        severity="warning",
    )


def key_without_age(name: str, keyring: str, span: Span) -> Diagnostic:
    """R761: a test gives an access key what only a token has.

    A key has no `exp`, `iat`, `iss` or `aud`: it holds until it ends in the store, where no test looks. A key that has
    ended is refused like any credential that is none: `token raw "{}"`.

    Bad::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
        test "old key" { token partners { account: "a"  exp: 5min ago }  request GET "/feeds"  expect deny 401 }

    Good::

        keyring partners { identity by claims.account  claims { account: text(1..64) } }
        route feeds { match GET on "/feeds"  trust partners  upstream "http://127.0.0.1:9000" }
        allow feeds on feeds always
        test "no key" { token raw "{}"  request GET "/feeds"  expect deny 401 as credential_refused }
    """
    return Diagnostic(
        "R761",
        f"keyring `{keyring}` holds access keys, and a key has no `{name}`",
        (Label(span, "only tokens have it"),),
        help=('give the claims that the keyring declares; for a key that has ended, say  token raw "{}"',),
    )
