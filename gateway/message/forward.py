"""What the spine hands to the forwarder: a request head ready for the wire, and what to do with the answer's head."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerEdit:
    """What is done to the header lines of an upstream's answer, beside the removal of hop-by-hop fields.

    ``remove``: lower-case names; ``prefixes``: lower-case beginnings of names; ``add``: a block of lines for the wire.
    A name that ``add`` sets is removed first.
    """

    remove: frozenset[bytes]
    prefixes: tuple[bytes, ...]
    add: bytes


NO_EDIT = AnswerEdit(frozenset(), (), b"")


@dataclass(slots=True)
class Forward:
    """``head``: request line and header lines, each ended by CRLF, with Host, without framing and the empty line.

    ``targets``: base URLs ("http://host:port"), in the rule's order. Times in microseconds.
    """

    head: bytes
    targets: tuple[str, ...]
    edit: AnswerEdit
    connect_micros: int
    answer_micros: int
    idle_micros: int
