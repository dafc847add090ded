"""The AST below declarations: places, names, literals and expressions.

Law of this file: data only, as in ``policylang.syntax.nodes``, which gives these names on.
"""

from dataclasses import dataclass
from typing import Literal

from policylang.source.spans import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the source."""

    span: Span


@dataclass(frozen=True, slots=True)
class Name(Node):
    """An identifier, a header name or a method, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Str(Node):
    """A string literal after escapes. ``template`` tells where unescaped braces are: see ``syntax.template``.

    ``value`` has escapes resolved; ``holes`` are the references in braces, as (index into value, Ref): the braces and
    the reference's text are not part of ``value``. Where a place takes no template, the checker refuses holes.
    """

    value: str
    holes: tuple[tuple[int, "Ref"], ...] = ()


@dataclass(frozen=True, slots=True)
class Int(Node):
    value: int


@dataclass(frozen=True, slots=True)
class Bool(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class StrSet(Node):
    items: tuple[Str, ...]


@dataclass(frozen=True, slots=True)
class Duration(Node):
    micros: int
    text: str


@dataclass(frozen=True, slots=True)
class Instant(Node):
    """Seconds since 1970-01-01T00:00:00Z."""

    seconds: int
    text: str


Literal_ = Str | Int | Bool | StrSet

Root = Literal["claims", "metadata", "policy", "path", "client", "peer"]


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """``root.name``"""

    root: Root
    name: str


@dataclass(frozen=True, slots=True)
class HeaderRef(Node):
    """``header["Name"]``: a header of the client's request."""

    name: Str


@dataclass(frozen=True, slots=True)
class LetRef(Node):
    """A bare name: a ``let`` (or, later, a ``list``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: "Expr"


@dataclass(frozen=True, slots=True)
class And(Node):
    operands: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    operands: tuple["Expr", ...]


CompareOp = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    op: CompareOp
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class In(Node):
    """``item in container``, or ``item not in container`` when ``negated``."""

    item: "Expr"
    container: "Expr"
    negated: bool


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """``any of items in container``: the two sets meet."""

    items: "Expr"
    container: "Expr"


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    """``all of items in container``: the first set is within the second."""

    items: "Expr"
    container: "Expr"


@dataclass(frozen=True, slots=True)
class Presence(Node):
    """``ref present``, or ``ref absent`` when ``absent``."""

    ref: "Ref | HeaderRef"
    absent: bool


@dataclass(frozen=True, slots=True)
class Older(Node):
    """``ref older than duration``: now - ref > duration."""

    ref: "Ref"
    duration: Duration


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """``subject starts with|ends with|matches pattern``"""

    op: Literal["starts", "ends", "matches"]
    subject: "Expr"
    pattern: Str


@dataclass(frozen=True, slots=True)
class IssuerIs(Node):
    """``issuer is name`` (``name`` may be ``anonymous``), or ``issuer is not name``."""

    issuer: Name
    negated: bool


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """``left ?? right``"""

    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Arith(Node):
    """``left + right`` or ``left - right``"""

    op: Literal["+", "-"]
    left: "Expr"
    right: "Expr"


Expr = (
    Ref | HeaderRef | LetRef | Str | Int | Bool | StrSet | Not | And | Or | Compare | In | AnyOf | AllOf | Presence
    | Older | TextTest | IssuerIs | Coalesce | Arith
)  # fmt: skip
