"""Type terms in a plan, and the constants of a declared type: ``("text", 1, 128)``, ``("set", ("slug",))``."""

from typing import Any

from policylang.plan.leaves import array, integer, refuse, sorted_texts
from policylang.plan.model import Expr
from policylang.plan.refused import PlanRefused

TEXTUAL = ("text", "slug", "email", "enum", "cidr")
CAPTURES = ("text", "slug", "email", "enum", "int")
TIME_MAX = 253_402_300_799

_BARE = ("slug", "email", "bool", "time", "cidr")
_length = integer(0, 2**31)
_integer = integer()


def term(raw: object) -> Expr:
    """The type of a claim or metadata field."""
    items = array(raw)
    if items and items[0] == "set":
        if len(items) != 2:
            raise refuse("a set type has one item type")
        try:
            return ("set", scalar(items[1], TEXTUAL))
        except PlanRefused as refused:
            raise refused.within(1) from None
    return scalar(raw, (*TEXTUAL, "int", "bool", "time"))


def capture_term(raw: object) -> Expr:
    """The type of a capture: what one segment or label may be."""
    return scalar(raw, CAPTURES)


def scalar(raw: object, kinds: tuple[str, ...]) -> Expr:
    """A type that is no set, of one of ``kinds``."""
    items = array(raw)
    kind = items[0] if items else None
    if not isinstance(kind, str) or kind not in kinds:
        raise refuse(f"not a type among {', '.join(kinds)}")
    if kind in _BARE:
        if len(items) != 1:
            raise refuse(f"{kind} has no parts")
        return (kind,)
    if kind == "enum":
        if len(items) < 2:
            raise refuse("an enum has one value or more")
        return ("enum", *sorted_texts(items[1:]))
    if len(items) != 3:
        raise refuse(f"{kind} has a low and a high bound")
    bound = _length if kind == "text" else _integer
    low, high = bound(items[1]), bound(items[2])
    if low > high:
        raise refuse("low is above high")
    return (kind, low, high)


def constant(raw: object) -> tuple[Any, ...] | None:
    """null, or an array of one constant: a text, an integer, a boolean, or a set as an array of texts."""
    if raw is None:
        return None
    items = array(raw)
    if len(items) != 1:
        raise refuse("not an array of one constant")
    value = items[0]
    if type(value) is list:
        return (sorted_texts(value),)
    if type(value) is int:
        return (_integer(value),)
    if type(value) in (str, bool):
        return (value,)
    raise refuse("not a text, an integer, a boolean or a set")


def fits(value: object, kind: Expr) -> bool:
    """Whether a constant has the type ``kind``: its sort, its bounds and its list of values.

    The spelling of slugs, addresses and networks is the compiler's to check: nothing downstream relies on it.
    """
    match kind[0]:
        case "set":
            return isinstance(value, tuple) and all(fits(item, kind[1]) for item in value)
        case "int":
            return type(value) is int and kind[1] <= value <= kind[2]
        case "time":
            return type(value) is int and 0 <= value <= TIME_MAX
        case "bool":
            return type(value) is bool
        case "enum":
            return type(value) is str and value in kind[1:]
        case _:
            return type(value) is str
