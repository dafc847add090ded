"""The values of a rule set's settings in one environment: ``env/NAME.toml``, a flat table of texts and integers.

Law of this file: a problem is data, never an exception, and no value of a setting is part of one.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.tree import read_aux
from policylang.source.trouble import Trouble

FOLDER = "env"
_SUFFIX = ".toml"
_PLACE = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)")

Kind = Literal["boolean", "float", "date or time", "array", "table"]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that no setting can have: ``kind`` is TOML's word for what it is, ``offset`` where its name stands."""

    name: str
    kind: Kind
    offset: int


@dataclass(frozen=True, slots=True)
class NotToml:
    """The file cannot be read as TOML: ``reason`` is the parser's, ``offset`` the place it gave."""

    reason: str
    offset: int


@dataclass(frozen=True)
class Environment:
    """One environment. With troubles, ``values`` is empty: some values of an environment are no environment.

    ``path`` is relative to the rule set's root; ``source`` is the file's text, None where it could not be read;
    ``known`` are the names of the environments that the rule set has, where this one could not be read.
    """

    name: str
    path: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    source: SourceText | None = None
    troubles: tuple[Trouble | NotToml | Unfit, ...] = ()
    known: tuple[str, ...] = ()

    def places(self, file: int) -> dict[str, Span]:
        """Where the name of each value is written, in a text that spans know by the index ``file``."""
        text = "" if self.source is None else self.source.text
        starts = {name: _offset_of(text, name) for name in self.values}
        return {name: Span(file, start, start + len(name)) for name, start in starts.items()}


def read_environment(root: Path | None, name: str) -> Environment:
    """Read ``env/NAME.toml`` below a rule set's root."""
    path = f"{FOLDER}/{name}{_SUFFIX}"
    content = Trouble("name", path) if "/" in name else read_aux(root, path)
    if isinstance(content, Trouble):
        return Environment(name, path, troubles=(content,), known=_known(root))
    return parse_environment(name, content)


def parse_environment(name: str, content: str) -> Environment:
    """The environment in the text of its file."""
    path = f"{FOLDER}/{name}{_SUFFIX}"
    source = SourceText(path, content)
    table = parse_toml(source)
    if isinstance(table, NotToml):
        return Environment(name, path, source=source, troubles=(table,))
    unfit = tuple(
        Unfit(key, kind, _offset_of(content, key)) for key, value in table.items() if (kind := _kind(value)) is not None
    )
    return Environment(name, path, {} if unfit else table, source, unfit)


def parse_toml(source: SourceText) -> dict[str, Any] | NotToml:
    """The table that a text is as TOML, or why it is none."""
    try:
        return tomllib.loads(source.text)
    except (ValueError, RecursionError) as error:
        return _not_toml(source, error)


def _kind(value: object) -> Kind | None:
    """What a value is that is neither a text nor an integer."""
    match value:
        case bool():
            return "boolean"
        case str() | int():
            return None
        case float():
            return "float"
        case list():
            return "array"
        case dict():
            return "table"
        case _:
            return "date or time"


def _not_toml(source: SourceText, error: ValueError | RecursionError) -> NotToml:
    if not isinstance(error, tomllib.TOMLDecodeError):
        return NotToml("a number or a nesting is too large", 0)
    message = str(error)
    place, reason = _PLACE.search(message), _PLACE.sub("", message)
    if place is None or place[1] is None:
        return NotToml(reason, len(source.text))
    start = source.line_start(min(int(place[1]), source.line_count))
    return NotToml(reason, min(start + int(place[2]) - 1, len(source.text)))


def _offset_of(content: str, key: str) -> int:
    """Where a key is most likely written: at the beginning of a line, bare, quoted, or as the name of a table."""
    name = re.escape(key)
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?({name})[\"']?[ \t]*[=.\]]", content, re.MULTILINE)
    return found.start(1) if found else 0


def _known(root: Path | None) -> tuple[str, ...]:
    """The environments that there are; none where their folder cannot be listed, whose trouble is told already."""
    if root is None:
        return ()
    try:
        return tuple(sorted(entry.stem for entry in (root / FOLDER).iterdir() if entry.suffix == _SUFFIX))
    except OSError:
        return ()
