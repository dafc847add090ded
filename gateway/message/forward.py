"""What the spine hands to the forwarder: a request head ready for the wire, and what is done to both heads."""

from dataclasses import dataclass
from typing import NamedTuple


class AnswerEdit(NamedTuple):
    """What is done to the header lines of an upstream's answer, beside the removal of hop-by-hop fields.

    ``remove``: lower-case names, those that ``add`` may set among them; ``prefixes``: lower-case beginnings of names;
    ``add``: a block of lines for the wire.
    """

    remove: frozenset[bytes]
    prefixes: tuple[bytes, ...]
    add: bytes


@dataclass(frozen=True, slots=True)
class Drops:
    """What a route drops from a request besides what every route drops: folded names, and beginnings of folded names.

    ``cookies`` are the names of cookies that carry credentials: they leave the Cookie field, the rest stays.
    """

    names: frozenset[bytes]
    prefixes: tuple[bytes, ...]
    cookies: frozenset[bytes]


NO_EDIT = AnswerEdit(frozenset(), (), b"")


@dataclass(slots=True)
class Forward:
    """``head``: request line and header lines, each ended by CRLF, with Host, without framing and the empty line.
    Host is the first target's authority, or the client's where the route preserves it.

    ``targets``: base URLs ("http://host:port"), in the rule's order. Times in microseconds.
    """

    head: bytes
    targets: tuple[str, ...]
    edit: AnswerEdit
    connect_micros: int
    answer_micros: int
    idle_micros: int
