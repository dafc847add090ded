"""Suppressions: comments such as ``# lint: allow L008 the partner's clock is off``.

A comment behind something is for its own line; one that stands alone is for the next line that is no comment and not
empty. Codes come first, with commas or blanks between them; the rest is the reason, and there has to be one.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from policylang.diagnostics.model import Diagnostic
from policylang.linter import errors
from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.tree import SourceTree
from policylang.syntax.trivia import Comment, Trivia

_COMMENT = re.compile(r"#+[ \t]*lint:")
_ALLOW = re.compile(r"[ \t]*allow\b")
_WORD = re.compile(r"\S+")
_CODE = re.compile(r"[A-Za-z]{1,3}[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Suppression:
    """What one comment allows: ``codes`` with their places, on line ``line`` (1-based) of file ``span.file``."""

    span: Span
    line: int
    codes: tuple[tuple[str, Span], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The findings that stay, those that are allowed, each with its reason, and the complaints about comments."""

    kept: tuple[Diagnostic, ...]
    allowed: tuple[tuple[Diagnostic, str], ...]
    complaints: tuple[Diagnostic, ...]


def read(tree: SourceTree, trivia: Trivia) -> tuple[Suppression, ...]:
    """Every suppression of a rule set, in the order of the source."""
    return tuple(
        found
        for source, comments in zip(tree.files, trivia.comments, strict=True)
        for found in _of_file(source, comments)
    )


def sort(
    diagnostics: Sequence[Diagnostic], found: Sequence[Suppression], tree: SourceTree, known: Collection[str],
    running: Collection[str],
) -> Sorted:  # fmt: skip
    """Put suppressions to work. ``known`` are all codes, ``running`` those of rules that are not off.

    A suppression without a reason works like any other, so that there is one complaint and not two.
    """
    by_place: dict[tuple[int, int, str], list[Suppression]] = {}
    for suppression in found:
        for code, _ in suppression.codes:
            by_place.setdefault((suppression.span.file, suppression.line, code), []).append(suppression)
    kept: list[Diagnostic] = []
    allowed: list[tuple[Diagnostic, str]] = []
    used: set[tuple[Span, str]] = set()
    for diagnostic in diagnostics:
        line = tree.files[diagnostic.span.file].position(diagnostic.span.start)[0]
        here = by_place.get((diagnostic.span.file, line, diagnostic.code), [])
        if here:
            used |= {(suppression.span, diagnostic.code) for suppression in here}
            allowed.append((diagnostic, here[0].reason))
        else:
            kept.append(diagnostic)
    complaints = tuple(_complaints(found, tree, known, running, used))
    return Sorted(tuple(kept), tuple(allowed), complaints)


def _of_file(source: SourceText, comments: Sequence[Comment]) -> Iterator[Suppression]:
    alone = {source.position(comment.span.start)[0] for comment in comments if comment.own_line}
    for comment in comments:
        opening = _COMMENT.match(comment.text)
        if opening is None:
            continue
        line = source.position(comment.span.start)[0]
        if comment.own_line:
            line = _next_line(source, line, alone)
        allow = _ALLOW.match(comment.text, opening.end())
        codes, at = ((), len(comment.text)) if allow is None else _codes(comment, allow.end())
        yield Suppression(comment.span, line, codes, comment.text[at:].strip(" \t:-\u2013\u2014"))


def _next_line(source: SourceText, line: int, alone: Collection[int]) -> int:
    line += 1
    while line <= source.line_count and (line in alone or not source.line(line).strip()):
        line += 1
    return line


def _codes(comment: Comment, at: int) -> tuple[tuple[tuple[str, Span], ...], int]:
    """The codes at the beginning of a comment's text, and where its reason begins."""
    codes: list[tuple[str, Span]] = []
    for word in _WORD.finditer(comment.text, at):
        text = word[0].rstrip(",:")
        parts = text.split(",")
        if not all(_CODE.fullmatch(part) for part in parts):
            return tuple(codes), word.start()
        start = comment.span.start + word.start()
        for part in parts:
            codes.append((part, Span(comment.span.file, start, start + len(part))))
            start += len(part) + 1
    return tuple(codes), len(comment.text)


def _complaints(
    found: Sequence[Suppression], tree: SourceTree, known: Collection[str], running: Collection[str],
    used: Collection[tuple[Span, str]],
) -> Iterator[Diagnostic]:  # fmt: skip
    for suppression in found:
        if not suppression.codes:
            yield errors.suppression_without_code(suppression.span)
            continue
        if not suppression.reason:
            yield errors.suppression_without_reason(suppression.span)
        for code, span in suppression.codes:
            if code not in known:
                yield errors.suppression_of_unknown_code(code, sorted(known), span)
        idle = [code for code, _ in suppression.codes if code in running and (suppression.span, code) not in used]
        if idle:
            whole = len(idle) == len(suppression.codes)
            source = tree.files[suppression.span.file]
            remove = _whole_comment(source, suppression.span) if whole else None
            yield errors.suppression_without_effect(idle, suppression.span, remove)


def _whole_comment(source: SourceText, span: Span) -> Span:
    """A comment with the blanks before it, and with its line ending where it stands alone."""
    start = span.start
    while start and source.text[start - 1] in " \t":
        start -= 1
    end = span.end
    while end < len(source.text) and source.text[end] in " \t\r":
        end += 1
    if (start == 0 or source.text[start - 1] == "\n") and end < len(source.text):
        return Span(span.file, start, end + 1)
    return Span(span.file, start, span.end)
