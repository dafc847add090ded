"""A plan as lines of text: one JSON document, canonical, that can be read and hashed a line at a time.

The first line is ``{``. Then the members of the plan follow in code-point order: a table as ``"name":[``, one line for
each element, and ``]``; any other member on one line; with a comma where another member or element follows. The last
line is ``}``. Every line ends in a line feed. Within a line: UTF-8, members in code-point order, no blanks, integers
only, the escapes that JSON demands and no others. A position is an array of its five numbers.

Two digests, SHA-256 in lower-case hexadecimal, are members of what they are taken over. ``whole``: all bytes up to the
line of ``whole``. ``semantic``: the same bytes without the lines of ``files``, ``positions`` and ``semantic``, and
without any member ``at`` inside a line: what the rules mean, wherever they stand.
"""

import hashlib
import json
import json.encoder
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import get_origin, get_type_hints

from policylang.plan import model
from policylang.plan.model import Plan, Position

MEMBERS = tuple(sorted(field.name for field in fields(Plan)))
TABLES = frozenset(name for name, hint in get_type_hints(Plan).items() if get_origin(hint) is tuple)
PLACES = ("files", "positions", "semantic")
"""The members that the semantic digest leaves out, ``whole`` aside."""

_AT = re.compile(rb'"at":(?:[0-9]+|\[[0-9,]*\]),')
_NAMES: dict[type, tuple[str, ...]] = {
    cls: tuple(sorted(field.name for field in fields(cls)))
    for cls in vars(model).values()
    if isinstance(cls, type) and is_dataclass(cls)
}


def _members(value: object) -> dict[str, object]:
    """A plan's object as what ``json`` writes: sorted members."""
    return {name: getattr(value, name) for name in _NAMES[type(value)]}


def _encoder(*, sort_keys: bool, default: Callable[[object], object] | None = None) -> Callable[[object], str]:
    """As ``json.JSONEncoder(...).encode`` without blanks. That one makes its C encoder anew for every value, which is half
    of the time for values as short as a plan's; where Python has none, it is what is used."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(
            ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys, check_circular=False, default=default
        ).encode
    run = make(None, default or _unknown, json.encoder.encode_basestring, None, ":", ",", sort_keys, False, True)
    return lambda value: "".join(run(value, 0))


def _unknown(value: object) -> object:
    raise TypeError(f"a plan holds no {type(value).__name__}")


_dumps = _encoder(sort_keys=False, default=_members)
_dumps_sorted = _encoder(sort_keys=True)


def canonical(value: object) -> str:
    """The one text of a JSON value that was read by ``json``: members sorted, no blanks."""
    return _dumps_sorted(value)


def element(value: object) -> str:
    """The line, without its end, of a plan's object or scalar."""
    if isinstance(value, Position):
        return f"[{value.file},{value.line},{value.column},{value.end_line},{value.end_column}]"
    return _dumps(value)


class Digests:
    """Both digests of a document that passes by, line by line."""

    def __init__(self) -> None:
        self._semantic = hashlib.sha256()
        self._whole = hashlib.sha256()
        self.line: Callable[[bytes], None] = self._meaning

    def member(self, name: str) -> None:
        """The lines from here on belong to this member."""
        self.line = self._whole.update if name in PLACES else self._meaning

    def _meaning(self, line: bytes) -> None:
        self._whole.update(line)
        self._semantic.update(_AT.sub(b"", line))

    @property
    def semantic(self) -> str:
        """Over what has passed and has meaning."""
        return self._semantic.hexdigest()

    @property
    def whole(self) -> str:
        """Over all that has passed."""
        return self._whole.hexdigest()
