"""Type terms as written become type terms as meant; a malformed one is complained of and repaired."""

from policylang.check import errors_claims as errors
from policylang.check.environment import Sink
from policylang.check.fields import distinct
from policylang.check.texts import printable
from policylang.syntax import nodes
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Scalar, SetOf, Slug, Text, Time

MOST_TEXT = 65_536
LEAST_INT, MOST_INT = -(2**63), 2**63 - 1


def declared(term: nodes.TypeTerm, sink: Sink) -> Scalar | SetOf:
    """The type that a term names."""
    if term.kind != "set":
        return scalar(term, sink)
    item = term.item
    if item is None or item.kind in ("int", "bool", "time", "set"):
        sink.add(errors.set_of_scalars(item.kind if item else "nothing", (item or term).span))
        return SetOf(Text())
    return SetOf(scalar(item, sink))


def scalar(term: nodes.TypeTerm, sink: Sink) -> Scalar:
    """The scalar type that a term names."""
    match term.kind:
        case "slug":
            return Slug()
        case "bool":
            return Bool()
        case "time":
            return Time()
        case "email":
            return Email()
        case "cidr":
            return Cidr()
        case "int":
            return Int(*_range(term, LEAST_INT, MOST_INT, sink))
        case "enum":
            return _enum(term, sink)
        case "text" if term.low is not None or term.high is not None:
            return Text(*_range(term, 0, MOST_TEXT, sink))
        case _:
            return Text()


def _range(term: nodes.TypeTerm, least: int, most: int, sink: Sink) -> tuple[int, int]:
    low = least if term.low is None else term.low
    high = most if term.high is None else term.high
    outside = [bound for bound in (low, high) if not least <= bound <= most]
    if outside:
        sink.add(errors.bound_too_large(outside[0], least, most, term.span))
    elif low > high:
        sink.add(errors.range_reversed(low, high, term.span))
    low, high = (min(max(bound, least), most) for bound in sorted((low, high)))
    return low, high


def _enum(term: nodes.TypeTerm, sink: Sink) -> Enum:
    values = distinct("value", term.values, lambda value: value.value, sink)
    texts = [text for value in values if (text := printable("a value of `one of`", value, sink)) is not None]
    return Enum(tuple(sorted(texts)))
