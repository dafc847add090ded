"""Readers of values that hold nothing further: JSON in, a checked value out, or a refusal.

Law of this file: types are compared, never coerced: ``true`` is no integer and ``1.0`` is none either.
"""

import re
from collections.abc import Callable
from operator import lt
from typing import Any

from policylang.plan.operators import INT_MAX, INT_MIN
from policylang.plan.refused import PlanRefused

Leaf = Callable[[object], Any]

_INTS, _TEXTS = {int}, {str}


def refuse(what: str) -> PlanRefused:
    """A refusal of the value at hand: whoever holds it adds where it stood."""
    return PlanRefused("", what)


def text(raw: object) -> str:
    """Any text."""
    if type(raw) is not str:
        raise refuse("not a text")
    return raw


def name(raw: object) -> str:
    """Text of one character or more."""
    if type(raw) is not str or not raw:
        raise refuse("not a text of one character or more")
    return raw


def matching(pattern: str, what: str) -> Leaf:
    """Text that matches all of ``pattern``, described by ``what``."""
    whole = re.compile(pattern)

    def read(raw: object) -> str:
        if type(raw) is not str or whole.fullmatch(raw) is None:
            raise refuse(f"not {what}")
        return raw

    return read


token = matching(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "a token (RFC 9110 section 5.6.2)")
lower_token = matching(r"[!#$%&'*+.^_`|~0-9a-z-]+", "a token in lower case (RFC 9110 section 5.6.2)")
identifier = matching(r"[A-Za-z_][A-Za-z0-9_-]*", "a name of letters, digits, dashes and underscores")


def boolean(raw: object) -> bool:
    """true or false."""
    if type(raw) is not bool:
        raise refuse("not true or false")
    return raw


def integer(low: int = INT_MIN, high: int = INT_MAX) -> Leaf:
    """An integer between ``low`` and ``high``, both included."""

    def read(raw: object) -> int:
        if type(raw) is not int:
            raise refuse("not an integer")
        if not low <= raw <= high:
            raise refuse(f"not within {low} .. {high}")
        return raw

    return read


def choice(values: tuple[object, ...]) -> Leaf:
    """One of a few texts."""
    known = frozenset(values)

    def read(raw: object) -> str:
        if type(raw) is not str or raw not in known:
            raise refuse(f"not one of {', '.join(map(str, values))}")
        return raw

    return read


def nullable(leaf: Leaf) -> Leaf:
    """null, or what ``leaf`` reads."""
    return lambda raw: None if raw is None else leaf(raw)


def many(leaf: Leaf) -> Leaf:
    """An array of what ``leaf`` reads, as a tuple."""

    def read(raw: object) -> tuple[Any, ...]:
        items = array(raw)
        out = []
        for i, item in enumerate(items):
            try:
                out.append(leaf(item))
            except PlanRefused as refused:
                raise refused.within(i) from None
        return tuple(out)

    return read


def array(raw: object) -> list[object]:
    """An array, its items unread."""
    if type(raw) is not list:
        raise refuse("not an array")
    return raw


def members(raw: object) -> dict[str, object]:
    """An object, its members unread."""
    if type(raw) is not dict:
        raise refuse("not an object")
    return raw


def indices(raw: object) -> tuple[int, ...]:
    """An array of integers of 0 or more, in any order: places."""
    items = array(raw)
    integers: tuple[int, ...] = tuple(items) if set(map(type, items)) <= _INTS else (-1,)  # type: ignore[arg-type]
    if min(integers, default=0) < 0:
        raise refuse("not an array of integers of 0 or more")
    return integers


def ascending(raw: object) -> tuple[int, ...]:
    """An array of integers of 0 or more, each greater than the one before."""
    found = indices(raw)
    if not all(map(lt, found, found[1:])):
        raise refuse("not in ascending order")
    return found


def sorted_texts(raw: object) -> tuple[str, ...]:
    """An array of texts in code-point order, each once."""
    items = array(raw)
    if not set(map(type, items)) <= _TEXTS:
        raise refuse("not an array of texts")
    found: tuple[str, ...] = tuple(items)  # type: ignore[arg-type]  # each was compared with str above
    if not all(map(lt, found, found[1:])):
        raise refuse("not in ascending order, each once")
    return found


def sorted_names(raw: object) -> tuple[str, ...]:
    """An array of identifiers in code-point order, each once."""
    found = sorted_texts(raw)
    many(identifier)(list(found))
    return found
