"""JSON texts: well-formed ones of any shape, and those with a byte wrong."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.payloads import RAW
from tests.strategies.schema import Schema

NAMES = st.sampled_from(("a", "b", "sub", "exp", "\u00e9", "", "https://example.com/a"))
TEXTS = st.sampled_from(
    (*pool.TEXTS, *pool.ODD_TEXTS, "\ud800", "\ude00\ud83d", "\uffff", "\ufdd0", "\U0001fffe", '"', "\\")
)
NUMBERS = st.sampled_from((*pool.INTEGERS, *pool.EXTREMES, 2**63, -(2**63) - 1, 10**30, 0.5, 1e300, -0.0))
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS


def values() -> st.SearchStrategy[Any]:
    """Any JSON value, small ones mostly."""
    return st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
    )


@st.composite
def texts(draw: DrawFn) -> bytes:
    """JSON text of an object, spelled in one of several ways, perhaps spoilt in one place."""
    found = draw(st.dictionaries(NAMES, values(), max_size=4))
    indent = draw(st.sampled_from((None, None, 1)))
    text = json.dumps(found, ensure_ascii=draw(st.booleans()), indent=indent).encode("utf-8", "surrogatepass")
    form = draw(st.integers(0, 5))
    at = draw(st.integers(0, len(text)))
    if form == 0:
        return text[:at] + draw(st.sampled_from(RAW)).encode() + text[at:]
    if form == 1:
        return text[:at] + draw(st.binary(min_size=1, max_size=2)) + text[at + 1 :]
    if form == 2:
        deep = draw(st.integers(29, 34))
        return b'{"deep":' + b"[" * (deep - 1) + text + b"]" * (deep - 1) + b"}"
    if form == 3:
        return text.replace(b'"b"', b'"a"')
    return text


def members_of(payload: bytes | None) -> dict[str, Any] | None:
    """The members of a payload that is plain JSON; None of any other."""
    try:
        found = json.loads(payload or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def issuer_named(schema: Schema, members: dict[str, Any] | None) -> str | None:
    """The issuer that the payload names and whose mark it has."""
    if members is None:
        return None
    mark = members.get("gty", "")
    said = [i for i in schema.issuers if i.ring is None and i.iss == members.get("iss")]
    return next((i.name for i in said if i.mark in {None, mark}), None) if isinstance(mark, str) else None


def without_gaps(members: dict[str, Any]) -> bytes:
    """The members as JSON text, those whose value is ``...`` left out."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(member) for name, member in value.items() if member is not ...}
        return value

    return json.dumps(kept(members)).encode()
