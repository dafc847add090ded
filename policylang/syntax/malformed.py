"""What stands where no token begins: named for what its author meant, and replaced so that reading can go on.

Law of this file: each malformed word costs exactly one complaint.
"""

import re
from dataclasses import dataclass

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_words

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"?')
_BAD_ESCAPE = re.compile(r"\\(?![\"\\nt{}]|u\{[0-9a-fA-F]{1,6}\}).?(?:\{[^\"}\n]*\}?)?")
_ESCAPE = re.compile(r"\\.")
_SINGLE = re.compile(r"'[^'\n]*'")
_COMMENT = re.compile(r"//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?")
_NUMBER = re.compile(r"[0-9][0-9A-Za-z_]*(?:\.[0-9]+)?[A-Za-z]*")
_DATE_BEFORE = re.compile(r"[0-9]{4}-[0-9]{2}-\Z")
_INSTANT_REST = re.compile(r"[0-9A-Za-z:.+-]*")
_UNIT = re.compile(r"[0-9][0-9_]*(?:us|m|mins?|minutes?|secs?|seconds?|hrs?|hours?|days?|w|weeks?|y|years?)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*:?")
_MEMBER = re.compile(r"\.[A-Za-z_][A-Za-z0-9_]*")
_FRACTION = re.compile(r"\.[0-9]+")
_OPERATOR = re.compile(r"&&|\|\||!")
_OTHER = re.compile(r"[^\x00-\x7f]+|.", re.DOTALL)

_OPERATORS = {"&&": ("AND", "and"), "||": ("OR", "or"), "!": ("NOT", "not")}


@dataclass(frozen=True, slots=True)
class Malformed:
    """``end`` is where reading goes on; ``type`` and ``value`` are of the token to read instead, None for none."""

    end: int
    complaint: Diagnostic
    type: str | None = None
    value: str = ""


def malformed(text: str, at: int, file: int) -> Malformed:
    """What stands at offset ``at``, where the lexer found no token."""
    first = text[at]
    if first == '"':
        return _bad_string(text, at, file)
    if match := _SINGLE.match(text, at):
        return Malformed(match.end(), errors_words.single_quotes(_span(match, file)), "STRING", '"x"')
    if match := _COMMENT.match(text, at):
        return Malformed(match.end(), errors_words.foreign_comment(_span(match, file)))
    if match := _NUMBER.match(text, at):
        return _bad_number(text, match, file)
    if match := _WORD.match(text, at):
        return _bad_word(match, file)
    if match := _MEMBER.match(text, at):
        complaint = errors_words.bad_name(_span(match, file), match.group()[1:], _snake(match.group()[1:], "."))
        return Malformed(match.end(), complaint, "MEMBER", ".x")
    if match := _FRACTION.match(text, at):
        start = match.start()
        while text[start - 1 : start].isdigit():
            start -= 1
        span = Span(file, start, match.end())
        return Malformed(match.end(), errors_words.bad_number(span, text[start : match.end()]))
    if match := _OPERATOR.match(text, at):
        type_, better = _OPERATORS[match.group()]
        complaint = errors_words.foreign_operator(_span(match, file), match.group(), better)
        return Malformed(match.end(), complaint, type_, better)
    match = _OTHER.match(text, at)
    end = match.end() if match else at + 1
    return Malformed(end, errors_words.stray_character(Span(file, at, end), text[at:end]))


def _span(match: re.Match[str], file: int) -> Span:
    return Span(file, match.start(), match.end())


def _bad_string(text: str, at: int, file: int) -> Malformed:
    match = _STRING.match(text, at)
    end = match.end() if match else at + 1
    if end == at + 1 or text[end - 1] != '"' or _open(text, at, end):
        line_end = text.find("\n", at)
        end = len(text) if line_end < 0 else line_end
        return Malformed(end, errors_words.unterminated_string(Span(file, at, end)), "STRING", '"x"')
    position = at + 1
    while escape := _ESCAPE.search(text, position, end):
        if bad := _BAD_ESCAPE.match(text, escape.start(), end - 1):
            return Malformed(end, errors_words.unknown_escape(_span(bad, file), bad.group()), "STRING", '"x"')
        position = escape.end()
    return Malformed(end, errors_words.unterminated_string(Span(file, at, end)), "STRING", '"x"')


def _open(text: str, at: int, end: int) -> bool:
    """Whether the last quote is an escaped one."""
    backslashes = 0
    while end - 2 - backslashes > at and text[end - 2 - backslashes] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _bad_number(text: str, match: re.Match[str], file: int) -> Malformed:
    if before := _DATE_BEFORE.search(text, max(0, match.start() - 8), match.start()):
        rest = _INSTANT_REST.match(text, match.start())
        end = rest.end() if rest else match.end()
        span = Span(file, before.start(), end)
        return Malformed(end, errors_words.bad_instant(span, text[span.start : end]), "NUMBER", "1")
    if _UNIT.fullmatch(match.group()):
        return Malformed(match.end(), errors_words.bad_duration(_span(match, file), match.group()), "DURATION", "1s")
    return Malformed(match.end(), errors_words.bad_number(_span(match, file), match.group()), "NUMBER", "1")


def _bad_word(match: re.Match[str], file: int) -> Malformed:
    word = match.group().removesuffix(":")
    span = Span(file, match.start(), match.start() + len(word))
    complaint = errors_words.bad_name(span, word, _snake(word, ""))
    type_, value = ("NAME", "x") if match.end() == span.end else ("KEY", "x:")
    return Malformed(match.end(), complaint, type_, value)


def _snake(word: str, prefix: str) -> str | None:
    """The word as a name, where there is an obvious one."""
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", word).lower().strip("_")
    return prefix + parts if parts and parts[0].isalpha() else None
