"""What a diagnostic is. It knows no file content and no terminal: renderers do."""

from dataclasses import dataclass
from typing import Literal

from policylang.source.spans import Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Label:
    """A place in the source and a few words on it; the first label of a diagnostic is the one with carets."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text at ``span`` by ``text``: an automatic fix."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One complaint: a stable ``code``, a one-line ``title`` and at least one label.

    ``notes`` explain, ``help`` says what to do; each is a tuple of paragraphs without trailing newline.
    """

    code: str
    title: str
    labels: tuple[Label, ...]
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    severity: Severity = "error"
    edits: tuple[Edit, ...] = ()

    @property
    def span(self) -> Span:
        """Where the complaint points first."""
        return self.labels[0].span
