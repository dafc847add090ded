"""Which types go together in an expression, what two of them make, and whether their values can ever be equal."""

from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import TEXTUAL, Bool, Cidr, Email, Enum, Int, Ip, Scalar, SetOf, Slug, Text, Type, kind_of

LOWEST, HIGHEST = -(2**63), 2**63 - 1

HEADER = Text(0, 65_536)
"""A request header: more than any listener accepts, and maybe empty."""

BOOL = Bool()


def textual(term: Type) -> bool:
    """Text, slug, email or an enumeration: they compare with one another."""
    return isinstance(term, TEXTUAL)


def comparable(left: Type, right: Type) -> bool:
    """Whether ``==`` goes between them: texts, integers, truth values, and sets of texts."""
    if isinstance(left, SetOf) and isinstance(right, SetOf):
        return textual(left.item) and textual(right.item)
    both = (left, right)
    return all(textual(t) for t in both) or any(all(isinstance(t, k) for t in both) for k in (Int, Bool))


def same_family(left: Type, right: Type) -> bool:
    """Whether one may stand in for the other: the same kind, or both of the family of texts."""
    return kind_of(left) == kind_of(right) or comparable(left, right)


def join(left: Type, right: Type) -> Type:
    """The narrowest type with the values of both, which must be of one family."""
    if isinstance(left, SetOf) and isinstance(right, SetOf):
        return SetOf(_join_scalars(left.item, right.item))
    if isinstance(left, Ip | SetOf) or isinstance(right, Ip | SetOf):
        return left
    return _join_scalars(left, right)


def _join_scalars(left: Scalar, right: Scalar) -> Scalar:
    if left == right:
        return left
    if isinstance(left, Int) and isinstance(right, Int):
        return Int(min(left.low, right.low), max(left.high, right.high))
    if isinstance(left, Enum) and isinstance(right, Enum):
        return Enum(tuple(sorted({*left.values, *right.values})))
    (low, high), (other_low, other_high) = lengths(left), lengths(right)
    return Text(min(low, other_low), max(high, other_high))


def lengths(term: Type) -> tuple[int, int]:
    """The fewest and most characters of a text of the type; of a network in prefix notation, too."""
    match term:
        case Text(low, high):
            return low, high
        case Slug():
            return 1, 64
        case Email():
            return 3, 254
        case Enum(values) if values:
            return min(map(len, values)), max(map(len, values))
        case Cidr():
            return len("::/0"), 43
        case _:
            return 0, 0


def may_equal(left: Type, right: Type) -> bool:
    """Whether some value of one equals some value of the other; both are comparable."""
    if isinstance(left, Enum):
        return any(not isinstance(fit(right, value), Misfit) for value in left.values)
    if isinstance(right, Enum):
        return may_equal(right, left)
    if isinstance(left, Int) and isinstance(right, Int):
        return left.low <= right.high and right.low <= left.high
    if textual(left) and textual(right):
        if {type(left), type(right)} == {Slug, Email}:  # no slug has an `@`
            return False
        (low, high), (other_low, other_high) = lengths(left), lengths(right)
        return low <= other_high and other_low <= high
    return True


def only_value(term: Type) -> str | int | None:
    """The value of a type that has just one."""
    if isinstance(term, Int) and term.low == term.high:
        return term.low
    if isinstance(term, Enum) and len(term.values) == 1:
        return term.values[0]
    return None
