"""The type terms. Optionality is not a term: it belongs to a reference, and the checker tracks it apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Text of ``low`` to ``high`` code points."""

    low: int = 1
    high: int = 4096


@dataclass(frozen=True, slots=True)
class Slug:
    """Text of 1 to 64 characters: lower-case letters, digits, ``-`` and ``_``, beginning with a letter or a digit."""


@dataclass(frozen=True, slots=True)
class Email:
    """An addr-spec of at most 254 ASCII characters with one ``@``, a dot-atom on its left and a domain on its right.

    The domain's labels are 1 to 63 letters, digits and inner hyphens; one label is enough.
    """


@dataclass(frozen=True, slots=True)
class Enum:
    """One of the texts in ``values`` (sorted, unique)."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Int:
    """An integer ``low <= n <= high``, both within -2**63 .. 2**63-1."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Bool:
    """true or false, and nothing that resembles them."""


@dataclass(frozen=True, slots=True)
class Time:
    """A NumericDate (RFC 7519 section 2) written as an integer: seconds since 1970, 0 .. 253402300799."""


@dataclass(frozen=True, slots=True)
class Cidr:
    """An IPv4 or IPv6 network in prefix notation without host bits."""


@dataclass(frozen=True, slots=True)
class Ip:
    """An IP address; only ``client.ip`` and ``peer.ip`` have this type."""


@dataclass(frozen=True, slots=True)
class SetOf:
    """A set of scalars: order and repetition carry no meaning."""

    item: "Scalar"


Scalar = Text | Slug | Email | Enum | Int | Bool | Time | Cidr
Type = Scalar | Ip | SetOf

TEXTUAL = (Text, Slug, Email, Enum)


def kind_of(term: Type) -> str:
    """The kind that two declarations of one claim must share: ranges and value lists do not count.

    >>> kind_of(SetOf(Slug()))
    'set of slug'
    """
    return f"set of {kind_of(term.item)}" if isinstance(term, SetOf) else type(term).__name__.lower()
