"""Reading a payload strictly (RFC 8259, RFC 7519 section 7.2): what two readers could read in two ways is refused."""

import json
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 16_384
MAX_DEPTH = 32


class RefusedError(Exception):
    """A credential that is refused; the text says why."""


@dataclass(frozen=True)
class Wrong:
    """A number that no declared type takes: with a fraction or an exponent, ``-0``, or an integer beyond 64 bits."""

    text: str


def read(payload: bytes) -> dict[str, Any]:
    """The members of a payload. Arrays are lists; numbers are int or Wrong. Raises RefusedError."""
    if len(payload) > MAX_BYTES:
        raise RefusedError("too large")
    try:
        text = payload.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise RefusedError("not UTF-8") from None
    if depth(text) > MAX_DEPTH:
        raise RefusedError("nested too deep")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=Wrong,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError:
        raise RefusedError("not JSON") from None
    if not isinstance(value, dict):
        raise RefusedError("not an object")
    _refuse_no_characters(value)
    return value


def depth(text: str) -> int:
    """How deep the brackets of a JSON text nest at most, those within strings aside."""
    deepest = level = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            level += 1
            deepest = max(deepest, level)
        elif character in "]}":
            level -= 1
    return deepest


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RefusedError("a member twice")
    return members


def _integer(text: str) -> int | Wrong:
    if len(text) > len(str(-(2**63))) or text == "-0":
        return Wrong(text)
    value = int(text)
    return value if -(2**63) <= value < 2**63 else Wrong(text)


def _no_constant(text: str) -> Any:
    raise RefusedError(f"{text} is not JSON")


def _refuse_no_characters(value: Any) -> None:
    """Refuses what is no character anywhere inside a value (RFC 7493 section 2.1)."""
    if isinstance(value, str):
        if any(is_no_character(ord(character)) for character in value):
            raise RefusedError("a lone surrogate or a noncharacter")
    elif isinstance(value, list):
        for item in value:
            _refuse_no_characters(item)
    elif isinstance(value, dict):
        for name, member in value.items():
            _refuse_no_characters(name)
            _refuse_no_characters(member)


def is_no_character(code: int) -> bool:
    """Surrogates, and what Unicode (section 23.7) reserves as noncharacters."""
    return 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
