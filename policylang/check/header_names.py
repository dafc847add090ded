"""Which headers a rule may write, and why not: the algebra of ``policylang.request.fields``, with reasons.

Law of this file: two names that any server on the way may take for one fold to one (threats R16).
"""

import re
from typing import Literal

from policylang.request.fields import FRAMING, HOP_BY_HOP, UNSETTABLE, is_forwarding
from policylang.request.fields import fold as fold_bytes
from policylang.syntax import nodes

Direction = Literal["request", "response"]

_GATEWAYS = "the gateway writes it from the limits of the route"
_ONE_WAY: dict[tuple[Direction, str], str] = {
    ("request", "cookie"): "it holds many values, and some of them are the client's",
    ("response", "set-cookie"): "cookies are the upstream's to set",
    ("response", "ratelimit"): _GATEWAYS,
    ("response", "ratelimit-policy"): _GATEWAYS,
}
_UNREMOVABLE = frozenset({"content-length", "transfer-encoding", "connection", "host"})
_PRINTABLE = re.compile(r"[ -~]*", re.ASCII)


def fold(name: str) -> str:
    """The form in which two spellings of one name are equal.

    >>> fold("X_User-ID")
    'x-user-id'
    """
    return fold_bytes(name.encode("utf-8")).decode("utf-8")


def why_not_set(name: str, direction: Direction) -> str | None:
    """Why no rule may set a header; None when one may."""
    folded = fold(name)
    raw = folded.encode("utf-8")
    if raw in FRAMING:
        return "it frames the message"
    if raw in HOP_BY_HOP or folded.startswith("proxy-") or folded == "http2-settings":
        return "it belongs to one connection, not to the message"
    if is_forwarding(raw) or folded == "via":
        return "the gateway writes it from the connection itself"
    if raw in UNSETTABLE:
        return "the gateway itself decides what it says"
    return _ONE_WAY.get((direction, folded))


def why_not_removed(name: str) -> str | None:
    """Why no rule may remove a header; None when one may."""
    return "the gateway itself decides what it says" if fold(name) in _UNREMOVABLE else None


def is_header_text(text: str) -> bool:
    """Whether a text may stand in a header value that the gateway writes: printable ASCII."""
    return _PRINTABLE.fullmatch(text) is not None


def spelling(name: nodes.Name | nodes.Str) -> str:
    """A header name as written, bare or in quotes."""
    return name.text if isinstance(name, nodes.Name) else name.value
