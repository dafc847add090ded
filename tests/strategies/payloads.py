"""Token payloads as JSON text: those an issuer would make, and those it would not."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.strategies import pool
from tests.strategies.schema import TEXT, Declaration, IssuerSpec, Kind, Schema, values

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


def wire(declaration: Declaration) -> SearchStrategy[Any]:
    """What a well-behaved issuer sends for a claim."""
    found = values(declaration.kind)
    if declaration.kind.word != "set":
        return found
    split = declaration.split
    arrays = found.map(list)
    if split is None:
        return arrays
    clean = arrays.map(lambda items: [item for item in items if split not in item])
    return clean | clean.map(lambda items: split.join(item for item in items if item))


@st.composite
def members(draw: DrawFn, issuer: IssuerSpec, expires: int) -> dict[str, Any]:
    """A token that its issuer could have made."""
    found: dict[str, Any] = {
        "iss": issuer.iss,
        "aud": draw(st.sampled_from(("api", ["api2", "x"], ["x", "api"]))),
        "exp": expires,
        "sub": draw(st.sampled_from(("u1", "u2", "admin", "a"))),
    }
    if issuer.lifetime is not None or draw(st.booleans()):
        found["iat"] = min(expires - 60, pool.BASE)
    if issuer.mark:
        found["gty"] = issuer.mark
    for claim in issuer.claims[1:]:
        may_lack = claim.optional or claim.default is not None or claim.always is not None
        if may_lack and draw(st.integers(0, 2)) == 0:
            if claim.null_as_absent and draw(st.booleans()):
                put(found, claim.where, None)
            continue
        put(found, claim.where, draw(wire(claim)))
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


@st.composite
def payloads(draw: DrawFn, schema: Schema) -> bytes:
    """Mostly good tokens, of any issuer; some spoilt in one place, some beyond repair."""
    issuer = draw(st.sampled_from(schema.issuers or (STRANGER,)))
    expires = pool.BASE + draw(st.sampled_from((3000, 3000, 3000, 3000, 1, 0, 5)))
    found = draw(members(issuer, expires))
    spoil = draw(st.integers(0, 11))
    if spoil <= 6:
        return written(found)
    if spoil == 7:
        return draw(spoilt_text(issuer, found))
    spoil_member(draw, issuer, found)
    return written(found)


def spoil_member(draw: DrawFn, issuer: IssuerSpec, found: dict[str, Any]) -> None:
    """Drop, retype or misplace one member, registered or declared; or add one that nobody declared."""
    where = draw(st.sampled_from([claim.where for claim in issuer.claims] * 2 + [(n,) for n in REGISTERED]))
    match draw(st.integers(0, 3)):
        case 0:
            found.pop(where[0], None)
        case 1:
            put(found, where, draw(st.sampled_from(JUNK)))
        case 2:
            found[where[0]] = draw(st.sampled_from(JUNK))
        case _:
            put(found, draw(st.sampled_from((where, ("undeclared",)))), draw(st.sampled_from(ODD_VALUES)))


REGISTERED = ("iss", "aud", "exp", "nbf", "iat", "sub", "cnf", "gty", "jti")
ODD_VALUES: tuple[Any, ...] = (
    pool.BASE, pool.BASE + 1, pool.BASE - 1, 253402300799, 253402300800, -1, 2**63, "api", ["api"], ["api", 1], "robot",
    "https://shared.test", "https://iss0.test", {"jwk": {}}, *pool.ODD_TEXTS, *pool.EXTREMES,
)  # fmt: skip


@st.composite
def spoilt_text(draw: DrawFn, issuer: IssuerSpec, found: dict[str, Any]) -> bytes:
    """A payload with raw JSON in one place, a member twice, or bytes that are no JSON."""
    claim = draw(st.sampled_from([claim.where for claim in issuer.claims] + [("undeclared",), ("exp",)]))
    form = draw(st.integers(0, 3))
    if form == 0:
        text = written(found)
        first = json.dumps(claim[0])
        return text[:-1] + f", {first}: 1}}".encode()
    if form == 1:
        return draw(st.sampled_from((b"", b"null", b"[]", b"\xff\xfe{}", b"\xef\xbb\xbf" + written(found), written(found) + b" x",
                                     b" \r\n\t" + written(found) + b"\n", written(found)[:-1])))  # fmt: skip
    put(found, claim, MARKER)
    raw = draw(st.sampled_from(RAW))
    return written(found).replace(f'"{MARKER}"'.encode(), raw.encode())


@st.composite
def metadata(draw: DrawFn, schema: Schema) -> dict[str, Any] | None:
    """What is stored for an identity: mostly what the block declares; None when the store is down."""
    form = draw(st.integers(0, 9))
    if form == 0:
        return None
    stored: dict[str, Any] = {}
    for field in schema.fields or ():
        if (field.optional or field.default is not None) and draw(st.booleans()):
            continue
        value = draw(values(field.kind))
        stored[field.name] = list(value) if isinstance(value, tuple) else value
    if form == 1 and stored:
        stored[draw(st.sampled_from(sorted(stored)))] = draw(st.sampled_from((*JUNK, 1.0, 2**63)))
    if form == 2 and stored:
        del stored[draw(st.sampled_from(sorted(stored)))]
    return stored


def example_of(kind: Kind) -> Any:
    """One value of a type as JSON has it, the same each time."""
    fixed: dict[str, Any] = {
        "slug": "acme",
        "email": "a@b",
        "cidr": "10.0.0.0/8",
        "bool": True,
        "time": pool.BASE,
        "set": [],
    }
    if kind.word == "int":
        return kind.low
    if kind.word == "enum":
        return kind.values[0]
    return fixed.get(kind.word, "a")
