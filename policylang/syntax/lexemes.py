"""From text to words: one pass, every complaint collected, comments kept aside."""

from dataclasses import dataclass

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_words
from policylang.syntax.characters import FORBIDDEN, character_name
from policylang.syntax.malformed import malformed
from policylang.syntax.trivia import Comment
from policylang.syntax.words import Scanner, Word

COMPLAINTS_CAP = 100


@dataclass(frozen=True, slots=True)
class Lexed:
    """The words of a file, its comments, and what was wrong with its characters and words.

    ``hopeless`` is True when reading stopped at too many complaints.
    """

    words: list[Word]
    comments: tuple[Comment, ...]
    complaints: list[Diagnostic]
    hopeless: bool


def lex(text: str, file: int, scanner: Scanner) -> Lexed:
    """The words of ``text``, the file with index ``file``. Malformed ones are complained of, and others stand in."""
    complaints: list[Diagnostic] = []
    text = _visible(text, file, complaints)
    words: list[Word] = []
    comments: list[Word] = []
    at = 0
    while len(complaints) < COMPLAINTS_CAP:
        words.extend(scanner.words(text, at, comments))
        last = words.pop()
        if last.type == "_END":
            break
        at = _stand_in(text, last.start, file, words, complaints)
    hopeless = len(complaints) >= COMPLAINTS_CAP
    if hopeless:
        complaints.append(errors_words.hopeless(complaints[-1].span, COMPLAINTS_CAP))
    complaints.extend(
        errors_words.bare_shadow(Span(file, word.start, word.end))
        for word in words
        if word.type == "NAME" and word.value == "shadow"
    )
    return Lexed(words, tuple(_comment(text, comment, file) for comment in comments), complaints, hopeless)


def _visible(text: str, file: int, complaints: list[Diagnostic]) -> str:
    """The text with a blank for each character that is not allowed, each run of them complained of once."""
    last_end = -1
    for match in FORBIDDEN.finditer(text):
        if match.start() > last_end and len(complaints) < COMPLAINTS_CAP:
            span = Span(file, match.start(), match.end())
            complaints.append(errors_words.forbidden_character(span, character_name(match.group()[0])))
        last_end = match.end()
    return FORBIDDEN.sub(" ", text) if last_end >= 0 else text


def _stand_in(text: str, at: int, file: int, words: list[Word], complaints: list[Diagnostic]) -> int:
    """Complain of what stands at ``at``, add the word that stands in for it, and say where to go on."""
    previous = words[-1] if words else None
    if text[at] == ":" and previous is not None and previous.type in {"NAME", "PROPER"}:
        words[-1] = Word("KEY", "x:", previous.start, at + 1)
        complaints.append(_bad_key(previous, at, file))
        return at + 1
    found = malformed(text, at, file)
    if found.type is not None:
        words.append(Word(found.type, found.value, at, found.end))
    complaints.append(found.complaint)
    return found.end


def _bad_key(name: Word, colon: int, file: int) -> Diagnostic:
    """The complaint about a name and a colon that are not one word: capitals, or a blank between."""
    if name.end < colon:
        return errors_words.blank_before_colon(Span(file, colon, colon + 1))
    better = name.value.lower().replace("-", "_")
    return errors_words.bad_name(Span(file, name.start, colon), name.value, better)


def _comment(text: str, comment: Word, file: int) -> Comment:
    shown = comment.value.rstrip()
    line_start = text.rfind("\n", 0, comment.start) + 1
    own_line = not text[line_start : comment.start].strip()
    return Comment(Span(file, comment.start, comment.start + len(shown)), shown, own_line)
