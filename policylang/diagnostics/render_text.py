"""Diagnostics for people: the source line with carets, what is wrong, what to write instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policylang.diagnostics.cells import printable
from policylang.diagnostics.excerpt import Mark, excerpt
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.text import SourceText


@dataclass(frozen=True, slots=True)
class Paint:
    """The terminal sequences around the parts of a diagnostic; all empty for plain text."""

    error: str = ""
    warning: str = ""
    note: str = ""
    gutter: str = ""
    strong: str = ""
    reset: str = ""


PLAIN = Paint()
ANSI = Paint(
    error="\x1b[1;31m", warning="\x1b[1;33m", note="\x1b[1;36m", gutter="\x1b[1;34m", strong="\x1b[1m", reset="\x1b[0m"
)


def render_text(
    diagnostics: Sequence[Diagnostic], files: Sequence[SourceText], paint: Paint = PLAIN, base: str = ""
) -> str:
    """All diagnostics in the order given, a blank line between, and a summary line; empty text for none.

    ``files`` are those that spans index; ``base`` is put before their paths. Nothing from the source reaches the
    terminal as a control sequence.
    """
    if not diagnostics:
        return ""
    blocks = [_block(diagnostic, files, paint, base) for diagnostic in diagnostics]
    return "\n".join([*blocks, summary(diagnostics)]) + "\n"


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """``2 errors``, ``1 error, 3 warnings``, ``2 notes``, ``no errors``."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    counted = [_count(severities.count(word), word) for word in ("error", "warning", "note")]
    return ", ".join(text for text in counted if text) or "no errors"


def _count(number: int, noun: str) -> str:
    return "" if number == 0 else f"{number:,} {noun}{'' if number == 1 else 's'}"


def _block(diagnostic: Diagnostic, files: Sequence[SourceText], paint: Paint, base: str) -> str:
    color = {"error": paint.error, "warning": paint.warning, "note": paint.note}[diagnostic.severity]
    head = f"{color}{diagnostic.severity}[{diagnostic.code}]{paint.reset}"
    lines = [f"{head}{paint.strong}: {printable(diagnostic.title)}{paint.reset}"]
    placed = [label for label in diagnostic.labels if label.span.file < len(files)]
    numbers = [files[label.span.file].position(label.span.start)[0] for label in placed]
    indent = " " * max([len(str(number)) for number in numbers], default=1)
    for index, (file, labels) in enumerate(_by_file(placed)):
        lines += _file_part(files[file], labels, "-->" if index == 0 else ":::", indent, color, paint, base)
    for word, paragraphs in (("note", diagnostic.notes), ("help", diagnostic.help)):
        for paragraph in paragraphs:
            lead = f"{indent} {paint.gutter}={paint.reset} {paint.strong}{word}{paint.reset}: "
            rest = "\n" + " " * (len(indent) + len(word) + 5)
            lines.append(lead + rest.join(printable(line) for line in paragraph.split("\n")))
    return "\n".join(lines) + "\n"


def _by_file(labels: Sequence[Label]) -> list[tuple[int, list[Label]]]:
    """The labels by file; the file of the first label comes first."""
    order = list(dict.fromkeys(label.span.file for label in labels))
    return [(file, [label for label in labels if label.span.file == file]) for file in order]


def _file_part(
    source: SourceText, labels: list[Label], arrow: str, indent: str, color: str, paint: Paint, base: str
) -> list[str]:
    line, column = source.position(labels[0].span.start)
    place = f":{line}:{column}" if source.readable else ""
    lines = [f"{indent}{paint.gutter}{arrow}{paint.reset} {printable(base + source.path)}{place}"]
    if not source.readable:
        return lines
    gutter = f"{indent} {paint.gutter}|{paint.reset}"
    lines.append(gutter)
    previous = None
    for number, marks in _by_line(source, labels, "^" if arrow == "-->" else "-"):
        if previous is not None and number > previous + 1:
            lines.append(f"{paint.gutter}...{paint.reset}")
        previous = number
        part = excerpt(source, number, marks)
        lines.append(f"{paint.gutter}{str(number).rjust(len(indent))} |{paint.reset} {part.line}".rstrip())
        for blanks, signs, words in part.rows:
            painted = color if signs[0] == "^" else paint.gutter
            lines.append(f"{gutter} {blanks}{painted}{signs} {printable(words)}".rstrip() + paint.reset)
    return lines


def _by_line(source: SourceText, labels: list[Label], first_sign: str) -> list[tuple[int, tuple[Mark, ...]]]:
    """The marks of each line, lines ascending; a span over several lines is marked on its first."""
    lines: dict[int, list[Mark]] = {}
    for index, label in enumerate(labels):
        number, column = source.position(label.span.start)
        start = column - 1
        end = min(start + label.span.end - label.span.start, len(source.line(number)))
        sign = first_sign if index == 0 else "-"
        lines.setdefault(number, []).append(Mark(start, max(start, end), sign, label.text))
    return [(number, tuple(lines[number])) for number in sorted(lines)]
