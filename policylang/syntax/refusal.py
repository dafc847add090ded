"""Why the parser could not go on: the most telling complaint for the token at which it stopped."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.suggest import did_you_mean
from policylang.source.spans import Span
from policylang.syntax import errors, errors_declarations, errors_expressions, errors_literals, errors_words
from policylang.syntax.expected import in_words, wanted_name
from policylang.syntax.grammar import Grammar
from policylang.syntax.heads import HEAD_WORDS, ITEM_NAMES, is_head, is_headers
from policylang.syntax.lalr import END, Machine
from policylang.syntax.words import Word

_LATER = {"list": "lists read from files", "canary": "canaries"}
_OF_TOKENS = frozenset({"ISS", "KEYS", "ALGORITHMS", "AUDIENCE", "LEEWAY", "LIFETIME", "MARKED"})
_TESTS = frozenset({"CMP", "IN", "PRESENT", "ABSENT", "OLDER", "STARTS", "ENDS", "MATCHES"})


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a reading stopped: the item begins at word ``start``, ``at`` was refused (``len(words)``: the end).

    ``depth`` counts the brackets open there; ``begins_line`` says whether the refused word stands in column 1.
    """

    file: int
    words: list[Word]
    start: int
    at: int
    depth: int
    begins_line: bool
    machine: Machine
    grammar: Grammar

    def span(self, index: int) -> Span:
        """The span of a word; behind the last one where there is none."""
        if index < len(self.words):
            return Span(self.file, self.words[index].start, self.words[index].end)
        end = self.words[-1].end
        return Span(self.file, end, end)


def refusal(stop: Stop) -> Diagnostic:
    """The complaint for a stop."""
    if stop.at == stop.start:
        return _no_item(stop)
    accepted = stop.machine.accepted()
    previous, start = stop.words[stop.at - 1].type, stop.words[stop.start].type
    expected = in_words(accepted, previous, start, stop.grammar.spelling)
    if stop.at >= len(stop.words) or _next_item(stop, accepted):
        return _unfinished(stop, accepted, expected)
    return _telling(stop, accepted) or _plain(stop, expected)


def _next_item(stop: Stop, accepted: AbstractSet[str]) -> bool:
    """Whether the next item begins where this one should have gone on."""
    kind = stop.words[stop.at].type
    forgotten = kind not in accepted or is_headers(stop.words, stop.at)
    return stop.begins_line and forgotten and is_head(stop.words, stop.at)


def _no_item(stop: Stop) -> Diagnostic:
    token, span = stop.words[stop.start], stop.span(stop.start)
    word = token.value
    if token.type == "NAME" and word in _LATER:
        return errors.comes_later(span, _LATER[word])
    if token.type == "LANGUAGE":
        return errors.repeated_language(span)
    if token.type in {"RBRACE", "RPAR", "RSQB"}:
        return errors.stray_closing(span, word)
    return errors.unknown_item(span, word, _near(word, HEAD_WORDS))


def _unfinished(stop: Stop, accepted: AbstractSet[str], expected: str) -> Diagnostic:
    last = stop.span(stop.at - 1)
    kind = stop.words[stop.start].type
    if {"WHEN", "ALWAYS"} <= accepted and kind in {"ALLOW", "DENY", "SHADOW_ALLOW", "SHADOW_DENY"}:
        return errors.no_condition(stop.span(stop.start).to(last), ITEM_NAMES[kind])
    opened = _opened(stop) if stop.depth else None
    return errors.unfinished(last, ITEM_NAMES.get(kind, "item"), expected, opened)


def _opened(stop: Stop) -> Span | None:
    """The innermost bracket that is still open."""
    closed = 0
    for index in range(stop.at - 1, stop.start, -1):
        kind = stop.words[index].type
        if kind in {"RBRACE", "RPAR", "RSQB"}:
            closed += 1
        elif kind in {"LBRACE", "LPAR", "LSQB"}:
            if not closed:
                return stop.span(index)
            closed -= 1
    return None


def _telling(stop: Stop, accepted: AbstractSet[str]) -> Diagnostic | None:
    """A complaint that names the slip, where it is a known one."""
    token, span = stop.words[stop.at], stop.span(stop.at)
    word, kind = token.value, token.type
    if kind in {"RBRACE", "RPAR", "RSQB"} and stop.depth == 0:
        return errors.stray_closing(span, word)
    if kind == "NAME" and word == "canary" and stop.words[stop.start].type == "ROUTE":
        return errors.comes_later(span, _LATER[word])
    if kind in _OF_TOKENS and "CREDENTIAL" in accepted and stop.words[stop.start].type == "KEYRING":
        return errors_declarations.keyring_field(span, word)
    if "AND" in accepted and kind in _TESTS:
        return errors_expressions.chained_comparison(span)
    if "AND" in accepted and kind == "COALESCE":
        return errors_expressions.chained_coalesce(span)
    if "AND" in accepted and kind == "EQUAL":
        return errors_expressions.single_equals(span)
    if "TIMESTAMP" in accepted and kind == "NUMBER":
        return _bad_instant(stop)
    if kind == "NAME" and "PROPER" in accepted and "STRING" not in accepted and _wants_method(stop):
        return errors_literals.method_case(span, word)
    if kind in {"NAME", "PROPER"} or word in stop.grammar.scanner.keywords:
        spelled = (stop.grammar.spelling.get(terminal, "") for terminal in accepted)
        near = _near(word, [spelling for spelling in spelled if spelling.isidentifier()])
        if near is not None:
            return errors.misspelled(span, word, near)
    if "NAME" in accepted and word in stop.grammar.scanner.keywords and _name_would_do(stop):
        wanted = wanted_name(stop.words[stop.at - 1].type, stop.words[stop.start].type)
        return errors.reserved_word(span, word, wanted)
    return None


def _near(word: str, words: Collection[str]) -> str | None:
    """The keyword that a word is near to, capitals aside."""
    lower = word.lower()
    return lower if lower in words else did_you_mean(lower, words)


def _name_would_do(stop: Stop) -> bool:
    """Whether the item could go on, or be whole, if the refused word were a name."""
    behind = stop.words[stop.at + 1].type if stop.at + 1 < len(stop.words) else END
    return stop.machine.would_take("NAME", behind) or stop.machine.would_take("NAME", END)


def _plain(stop: Stop, expected: str) -> Diagnostic:
    found, previous = stop.words[stop.at].value, stop.words[stop.at - 1].value
    return errors.unexpected(stop.span(stop.at), found, previous, expected, _hints(stop))


def _wants_method(stop: Stop) -> bool:
    """Whether the list of capitalised words that is being read is one of methods."""
    kinds = [word.type for word in stop.words[stop.start : stop.at]]
    while kinds and kinds[-1] in {"COMMA", "PROPER"}:
        kinds.pop()
    return bool(kinds) and kinds[-1] in {"FOR", "MATCH", "REQUEST"}


def _bad_instant(stop: Stop) -> Diagnostic:
    """An instant cut short: digits and hyphens without a blank between."""
    last = stop.at
    while last + 1 < len(stop.words) and stop.words[last + 1].start == stop.words[last].end:
        last += 1
    written = "".join(word.value for word in stop.words[stop.at : last + 1])
    return errors_words.bad_instant(stop.span(stop.at).to(stop.span(last)), written)


def _hints(stop: Stop) -> tuple[str, ...]:
    before = stop.words[max(stop.start, stop.at - 4) : stop.at]
    if [word.type for word in before[::3]] == ["SET", "MEMBER"]:
        return (f'write "{{{before[2].value}{before[3].value}}}" to send the value as text',)
    if stop.words[stop.at].type == "NAME" and stop.machine.would_take("PROPER") and stop.machine.would_take("STRING"):
        return ('write a header name as X-User, or in quotes: "x-user"',)
    return ()
