"""Token payloads as JSON text: those an issuer would make, and those it would not."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick
from tests.strategies.schema import TEXT, Declaration, IssuerSpec, Schema, value

JUNK: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    "",
    "0",
    "1",
    "true",
    [],
    {},
    [None],
    ["a", 1],
    ["a b"],
    {"a": 1},
    "a",
)
"""Values of every JSON type, to stand where another was declared."""

STRANGER = IssuerSpec("stranger", "https://stranger.test", (Declaration("sub", TEXT),))

RAW = ("3.0", "1e2", "1e400", "-0", "-0.0", "NaN", "Infinity", "-Infinity", str(2**63), str(-(2**63) - 1), "9" * 5000,
       "[" * 10_000,
       '"\\ud800"', '"\\ude00\\ud83d"', '"\\ud83d\\ude00"', '"\\uffff"', '"\\u0000"', "01", "+1", "[" * 40 + "]" * 40,
       '{"a":1,"a":1}', '{"a":{"b":0,"\\u0062":0}}', '"\x01"', "tru", "", "[1,]", "{}")  # fmt: skip
"""JSON text, or what is nearly that, to be put in place of a value."""

MARKER = "~raw~"


def wire(draw: DrawFn, declaration: Declaration) -> Any:
    """What a well-behaved issuer sends for a claim."""
    found = value(draw, declaration.kind)
    if declaration.kind.word != "set":
        return found
    if declaration.split is None:
        return list(found)
    clean = [item for item in found if declaration.split not in item]
    return clean if one_in(draw, 2) else declaration.split.join(item for item in clean if item)


def members(draw: DrawFn, issuer: IssuerSpec, expires: int) -> dict[str, Any]:
    """A token that its issuer could have made."""
    found: dict[str, Any] = {
        "iss": issuer.iss,
        "aud": pick(draw, ("api", ["api2", "x"], ["x", "api"])),
        "exp": expires,
        "sub": pick(draw, ("u1", "u2", "admin", "a")),
    }
    if issuer.ring is not None and not one_in(draw, 8):
        found = {"sub": found["sub"]}
    if issuer.lifetime is not None or one_in(draw, 2):
        found["iat"] = min(expires - 60, pool.BASE)
    if issuer.mark:
        found["gty"] = issuer.mark
    for claim in issuer.claims[1:]:
        may_lack = claim.optional or claim.default is not None or claim.always is not None
        if may_lack and one_in(draw, 3):
            if claim.null_as_absent and one_in(draw, 2):
                put(found, claim.where, None)
            continue
        put(found, claim.where, wire(draw, claim))
    return found


def put(members: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the member at a path, making the objects on the way."""
    for name in path[:-1]:
        below = members.setdefault(name, {})
        if not isinstance(below, dict):
            return
        members = below
    members[path[-1]] = value


def written(found: dict[str, Any]) -> bytes:
    """The members as JSON text."""
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")


def credential(draw: DrawFn, issuers: Sequence[IssuerSpec]) -> tuple[bytes, str | None]:
    """A payload, and the keyring if it is that of an access key; now and then a key is said to be another's, or none's."""
    issuer = pick(draw, issuers)
    keyring = None if issuer.ring is None else issuer.name
    if one_in(draw, 24):
        keyring = pick(draw, (None, "nobodys", *(issuer.name for issuer in issuers)))
    return payload(draw, issuer), keyring


def payload(draw: DrawFn, issuer: IssuerSpec) -> bytes:
    """Mostly a good token of the issuer, or good claims of a key; some are spoilt in one place, some beyond repair."""
    found = members(draw, issuer, pool.BASE + pick(draw, (*(3000,) * 9, 5, 1, 0)))
    spoil = draw(below(12))
    if spoil == 11:
        return spoilt_text(draw, issuer, found)
    if spoil >= 9:
        spoil_member(draw, issuer, found)
    return written(found)


def spoil_member(draw: DrawFn, issuer: IssuerSpec, found: dict[str, Any]) -> None:
    """Drop, retype or misplace one member, registered or declared; or add one that nobody declared."""
    where = pick(draw, [claim.where for claim in issuer.claims] * 2 + [(n,) for n in REGISTERED])
    match draw(below(4)):
        case 0:
            found.pop(where[0], None)
        case 1:
            put(found, where, pick(draw, JUNK))
        case 2:
            found[where[0]] = pick(draw, JUNK)
        case _:
            put(found, pick(draw, (where, ("undeclared",))), pick(draw, ODD_VALUES))


REGISTERED = ("iss", "aud", "exp", "nbf", "iat", "sub", "cnf", "gty", "jti")
ODD_VALUES: tuple[Any, ...] = (
    pool.BASE, pool.BASE + 1, pool.BASE - 1, 253402300799, 253402300800, -1, 2**63, "api", ["api"], ["api", 1], "robot",
    "https://shared.test", "https://iss0.test", {"jwk": {}}, *pool.ODD_TEXTS, *pool.EXTREMES,
)  # fmt: skip


def spoilt_text(draw: DrawFn, issuer: IssuerSpec, found: dict[str, Any]) -> bytes:
    """A payload with raw JSON in one place, a member twice, or bytes that are no JSON."""
    claim = pick(draw, [claim.where for claim in issuer.claims] + [("undeclared",), ("exp",)])
    text = written(found)
    match draw(below(4)):
        case 0:
            return text[:-1] + f", {json.dumps(claim[0])}: 1}}".encode()
        case 1:
            no_json = (b"", b"null", b"[]", b"\xff\xfe{}", b"\xef\xbb\xbf" + text, text + b" x", text[:-1])
            return pick(draw, (*no_json, b" \r\n\t" + text + b"\n"))
        case _:
            put(found, claim, MARKER)
            return written(found).replace(f'"{MARKER}"'.encode(), pick(draw, RAW).encode())


def metadata(draw: DrawFn, schema: Schema) -> dict[str, Any] | None:
    """What is stored for an identity: mostly what the block declares; None when the store is down."""
    form = draw(below(10))
    if form >= 8:
        return None
    stored: dict[str, Any] = {}
    for field in schema.fields or ():
        if (field.optional or field.default is not None) and one_in(draw, 2):
            continue
        found = value(draw, field.kind)
        stored[field.name] = list(found) if isinstance(found, tuple) else found
    if form == 7 and stored:
        stored[pick(draw, sorted(stored))] = pick(draw, (*JUNK, 1.0, 2**63))
    if form == 6 and stored:
        del stored[pick(draw, sorted(stored))]
    return stored
