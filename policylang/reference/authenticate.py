"""Who calls: a token's issuer, its registered claims (RFC 7519 section 4.1), and those that the issuer declares.

Of an access key only the last: a keyring knows its keys by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from policylang.check.model import CheckedModule, Issuer, Route, Value
from policylang.reference.decode import LATEST, decode_all, is_numeric_date, look_up
from policylang.reference.encode import virtual_identity
from policylang.reference.payload import RefusedError, read
from policylang.reference.values import ABSENT, Mark
from policylang.runtime.ask import Ask


@dataclass(frozen=True)
class Caller:
    """``issuer`` None: anonymous, with no claims and an empty identity. ``expires`` is exp in microseconds.

    An access key that was found holds for ever, as far as is known here.
    """

    issuer: str | None
    claims: Mapping[str, Value | Literal[Mark.ABSENT]]
    identity: bytes
    expires: int


ANONYMOUS = Caller(None, {}, b"", 0)


def authenticate(module: CheckedModule, route: Route, ask: Ask) -> Caller | None:
    """The caller; None when a credential is required and none was sent. Raises RefusedError."""
    if not route.trust:
        return ANONYMOUS
    if ask.payload is None:
        return ANONYMOUS if route.anonymous else None
    members = read(ask.payload)
    trusted = [module.issuers[name] for name in route.trust]
    if ask.keyring is None:
        issuer = issuer_of([one for one in trusted if not one.opaque], members)
        check_registered(issuer, members, ask.now)
        expires = members["exp"] * 1_000_000
    else:
        issuer = keyring_of(trusted, ask.keyring)
        expires = (LATEST + 1) * 1_000_000
    claims = decode_all(issuer.claims, members)
    value = claims[issuer.identity]
    if value is ABSENT:
        raise RefusedError("no identity")
    identity = virtual_identity(ask.identity_key, issuer, value)
    return Caller(issuer.name, claims, identity, expires)


def issuer_of(trusted: list[Issuer], members: Mapping[str, Any]) -> Issuer:
    """The one trusted issuer whose ``iss`` is equal and whose mark holds (RFC 7519 section 4.1.1)."""
    fitting = [issuer for issuer in trusted if members.get("iss") == issuer.iss and mark_holds(issuer, members)]
    if len(fitting) != 1:
        raise RefusedError("no trusted issuer")
    return fitting[0]


def keyring_of(trusted: list[Issuer], name: str) -> Issuer:
    """The trusted keyring that an access key is of."""
    for issuer in trusted:
        if issuer.opaque and issuer.name == name:
            return issuer
    raise RefusedError("a key of no trusted keyring")


def mark_holds(issuer: Issuer, members: Mapping[str, Any]) -> bool:
    """Whether a token has what marks this issuer's kind of token; a parent that is no object satisfies no mark."""
    if issuer.marked is None:
        return True
    path, value = issuer.marked
    try:
        found = look_up(path, members)
    except RefusedError:
        return False
    return found is ABSENT if value is None else isinstance(found, str) and found == value


def check_registered(issuer: Issuer, members: Mapping[str, Any], now: int) -> None:
    """Audience, times and confirmation. Raises RefusedError."""
    if "cnf" in members:
        raise RefusedError("bound to a proof that is not checked (RFC 7800)")
    if not isinstance(members.get("sub", ""), str):
        raise RefusedError("sub is no string")
    audience = members.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or not all(isinstance(item, str) for item in named):
        raise RefusedError("aud is neither a string nor an array of strings")
    if not set(named) & set(issuer.audience):
        raise RefusedError("another audience")
    for name in ("exp", "nbf", "iat"):
        if name in members and not is_numeric_date(members[name]):
            raise RefusedError(f"{name} is no whole NumericDate")
    if "exp" not in members or now >= members["exp"] * 1_000_000 + issuer.leeway_micros:
        raise RefusedError("expired")
    if "nbf" in members and now < members["nbf"] * 1_000_000 - issuer.leeway_micros:
        raise RefusedError("not yet valid")
    if "iat" in members and members["iat"] * 1_000_000 > now + issuer.leeway_micros:
        raise RefusedError("not yet issued")
    longest = issuer.lifetime_micros
    if longest is not None and ("iat" not in members or (members["exp"] - members["iat"]) * 1_000_000 > longest):
        raise RefusedError("lives too long")
