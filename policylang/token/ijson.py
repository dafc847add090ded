"""I-JSON (RFC 7493), read strictly: what two parsers could understand differently is refused, declared or not.

Reasons: ``too_large``, ``not_utf8``, ``bom``, ``too_deep``, ``not_json``, ``duplicate_member``, ``not_a_number``,
``surrogate``, ``noncharacter``, ``too_many_items``.
"""

import json
import re

from policylang.token.errors import JsonRefused

MAX_DEPTH = 32
"""Arrays and objects within one another, the outermost counted."""

MAX_ITEMS = 10_000
"""Members and array items of the whole text together."""

INT_MIN, INT_MAX = -(2**63), 2**63 - 1


class NonInteger:
    """A number that is no plain integer of 64 bits: with a fraction, an exponent, a minus before zero, or too large.

    It is accepted where nobody looks and is of no type where somebody does. A single value: NON_INTEGER.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "NON_INTEGER"


NON_INTEGER = NonInteger()

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_PLANE_ENDS = "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
_NONCHARACTER = re.compile(f"[\ufdd0-\ufdef{_PLANE_ENDS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_ijson(data: bytes, max_bytes: int) -> object:
    """The value of a JSON text: dict, list, str, int, bool, None or NON_INTEGER.

    Raises JsonRefused. A depth of MAX_DEPTH is accepted, one more is not; the depth is counted before parsing.

    >>> read_ijson(b'{"a": [1, 1.0]}', 100)
    {'a': [1, NON_INTEGER]}
    """
    if len(data) > max_bytes:
        raise JsonRefused("too_large")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise JsonRefused("not_utf8") from None
    if text.startswith("\ufeff"):
        raise JsonRefused("bom")  # RFC 8259 section 8.1
    brackets = text.count("[") + text.count("{")
    if brackets > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise JsonRefused("too_deep")
    try:
        value: object = _DECODER.decode(text)
    except ValueError:
        raise JsonRefused("not_json") from None
    # Every item stands after a comma or is the first of its array or object.
    if "\\u" in text or text.count(",") + brackets > MAX_ITEMS:
        _inspect(value)
    elif not text.isascii() and _NONCHARACTER.search(text):
        raise JsonRefused("noncharacter")
    return value


def _depth(text: str) -> int:
    """The deepest nesting up to the first place where a parser would stop."""
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _inspect(value: object) -> None:
    """Count items, and look at every string after its escapes were resolved (RFC 7493 section 2.1)."""
    items = 0
    todo = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            if _SURROGATE.search(node):
                raise JsonRefused("surrogate")
            if _NONCHARACTER.search(node):
                raise JsonRefused("noncharacter")
        elif isinstance(node, dict):
            items += len(node)
            todo.extend(node)
            todo.extend(node.values())
        elif isinstance(node, list):
            items += len(node)
            todo.extend(node)
        if items > MAX_ITEMS:
            raise JsonRefused("too_many_items")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonRefused("duplicate_member")  # RFC 7493 section 2.3, after escapes
    return members


def _integer(text: str) -> int | NonInteger:
    # int() of a long text is quadratic and, past 4,300 digits, an error
    if len(text) > 20 or text == "-0":
        return NON_INTEGER
    value = int(text)
    return value if INT_MIN <= value <= INT_MAX else NON_INTEGER


def _fraction(_text: str) -> NonInteger:
    return NON_INTEGER


def _constant(_text: str) -> object:
    raise JsonRefused("not_a_number")  # NaN, Infinity, -Infinity


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
