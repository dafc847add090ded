"""What the gateway says upstream and back: header values and the claims of identity tokens."""

from collections.abc import Mapping
from typing import Any

from policylang.check.model import IdentityToken, Joined, Ref, SecretValue, SetHeader, Template
from policylang.reference.evaluate import reference
from policylang.reference.values import ABSENT, FAULT, Facts, Mark, Result, StuckError

MAX_VALUE = 4096
Minted = tuple[str, str, str, tuple[tuple[str, Any], ...]]


class RenderFaultError(Exception):
    """A fact that is needed is not to be had."""


class RenderRefusedError(Exception):
    """A value cannot stand in a header."""


def folded(name: str) -> str:
    """A header name as the least careful reader sees it."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())


def header(rule: SetHeader, facts: Facts, secrets: Mapping[str, str]) -> str | None:
    """The value of a header; None: left out. Raises RenderFaultError and RenderRefusedError."""
    text = _joined(rule, rule.value, facts) if isinstance(rule.value, Joined) else _written(rule, facts, secrets)
    if text is None or (text == "" and rule.omit == "empty"):
        return None
    if len(text) > MAX_VALUE:
        raise RenderRefusedError("too long")
    if not all(" " <= character <= "~" for character in text):
        raise RenderRefusedError("a control or non-ASCII character")
    if text != text.strip(" "):
        raise RenderRefusedError("a space at an end would be lost")
    return text


def _written(rule: SetHeader, facts: Facts, secrets: Mapping[str, str]) -> str | None:
    if isinstance(rule.value, SecretValue):
        return secrets[rule.value.name]
    if not isinstance(rule.value, Template):
        raise StuckError("a set is rendered with a separator")
    pieces = [part if isinstance(part, str) else _value(part, facts) for part in rule.value.parts]
    if any(piece is ABSENT for piece in pieces):
        _may_be_left_out(rule)
        return None
    return "".join(_plain(piece) for piece in pieces)


def _joined(rule: SetHeader, joined: Joined, facts: Facts) -> str | None:
    items = _value(joined.ref, facts)
    if items is ABSENT:
        _may_be_left_out(rule)
        return None
    if not isinstance(items, frozenset):
        raise StuckError("only a set is joined")
    if any(joined.separator in item for item in items):
        raise RenderRefusedError("an item contains the separator")
    return joined.separator.join(sorted(items))


def _may_be_left_out(rule: SetHeader) -> None:
    if rule.omit is None:
        raise StuckError(f"a part of {rule.name} is absent")


def _value(ref: Ref, facts: Facts) -> Result:
    value = reference(ref, facts)
    if value is FAULT:
        raise RenderFaultError(ref.name)
    return value


def _plain(value: Result) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise StuckError(f"{value!r} stands in a template")


def mint(token: IdentityToken, facts: Facts) -> Minted:
    """The declared content of an identity token. Raises RenderFaultError."""
    subject = _value(token.subject, facts)
    claims = {name: _value(ref, facts) for name, ref in token.claims}
    said = {
        name: tuple(sorted(value)) if isinstance(value, frozenset) else value
        for name, value in claims.items()
        if not isinstance(value, Mark)
    }
    return token.name, token.header, _plain(subject), tuple(sorted(said.items()))
