"""Plan documents as JSON values, written and digested anew by the words of the specification and by nothing of the codec."""

import hashlib
import json
from typing import Any

PLACES = ("files", "positions", "semantic", "whole")


def loaded(document: bytes) -> dict[str, Any]:
    """A document as JSON values."""
    values: dict[str, Any] = json.loads(document)
    return values


def sealed(values: dict[str, Any]) -> bytes:
    """The canonical document of these values, with digests that fit."""
    meaning = {name: without_places(value) for name, value in values.items() if name not in PLACES}
    values = {**values, "semantic": hashlib.sha256(lines(meaning, closed=False)).hexdigest()}
    rest = {name: value for name, value in values.items() if name != "whole"}
    whole = hashlib.sha256(lines(rest, closed=False)).hexdigest()
    return lines({**rest, "whole": whole}, closed=True)


def without_places(value: Any) -> Any:
    """A value without any member called ``at``, at any depth."""
    if isinstance(value, dict):
        return {name: without_places(inner) for name, inner in value.items() if name != "at"}
    return [without_places(item) for item in value] if isinstance(value, list) else value


def lines(values: dict[str, Any], *, closed: bool) -> bytes:
    """The lines of a document; not ``closed``: all members as if another followed, and no last line."""
    out = ["{"]
    for name in sorted(values):
        comma = "" if closed and name == max(values) else ","
        if isinstance(values[name], list):
            items = [compact(item) for item in values[name]]
            out += [f'"{name}":[', *[f"{item}," for item in items[:-1]], *items[-1:], f"]{comma}"]
        else:
            out.append(f'"{name}":{compact(values[name])}{comma}')
    return "".join(f"{line}\n" for line in [*out, *(["}"] if closed else [])]).encode()


def compact(value: Any) -> str:
    """JSON without blanks, members sorted."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
