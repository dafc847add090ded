"""What a lint rule is, what it may be told by ``lint.toml``, and what it finds.

Law of this file: a rule's text (what, why, examples) is its page in the docs; nothing of it is written elsewhere.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from policylang.diagnostics.model import Edit, Label
from policylang.linter.subject import Subject
from policylang.source.spans import Span

Severity = Literal["note", "warning", "error"]
Setting = Literal["off", "note", "warning", "error"]
OptionValue = str | int | tuple[str, ...]

_UNITS = {"ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_DURATION = re.compile(r"([0-9]{1,9})(ms|s|min|h|d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that ``lint.toml`` may set for a rule. A ``duration`` is text such as "30s", ``words`` a list of texts."""

    name: str
    kind: Literal["duration", "count", "words"]
    default: OptionValue
    what: str


@dataclass(frozen=True, slots=True)
class Options:
    """The values of one rule's options."""

    values: Mapping[str, OptionValue]

    def micros(self, name: str) -> int:
        """A duration in microseconds."""
        return micros_of(str(self.values[name]))

    def count(self, name: str) -> int:
        """A whole number."""
        return int(str(self.values[name]))

    def text(self, name: str) -> str:
        """A value as it is written."""
        return str(self.values[name])

    def words(self, name: str) -> frozenset[str]:
        """A list of texts."""
        value = self.values[name]
        return frozenset(value) if isinstance(value, tuple) else frozenset()


def micros_of(text: str) -> int:
    """The microseconds of a duration as the rules language writes it.

    >>> micros_of("90s")
    90000000

    Raises:
        ValueError: the text is no duration.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a duration: {text[:40]}")
    return int(match[1]) * _UNITS[match[2]]


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that do away with a finding; all are made or none.

    ``changes`` is empty when the plan means the same after it, digest for digest; else it says what is different, and
    why no verdict is.
    """

    edits: tuple[Edit, ...]
    changes: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint of a rule. ``label`` are a few words on the place, ``more`` other places that matter."""

    span: Span
    title: str
    label: str = ""
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    more: tuple[Label, ...] = ()
    fix: Fix | None = None


Check = Callable[[Subject, Options], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule and its page. ``bad`` and ``good`` are items of the rules language.

    Items that an example does not declare are those of the frame that the docs show (``policylang.linter.page``).
    ``fix`` says what an automatic fix does; empty: there is none.
    """

    code: str
    name: str
    severity: Severity
    what: str
    why: str
    bad: str
    good: str
    check: Check
    options: tuple[Option, ...] = ()
    fix: str = ""
    notes: str = field(default="")

    def defaults(self) -> Options:
        """The options as they are without a ``lint.toml``."""
        return Options({option.name: option.default for option in self.options})
