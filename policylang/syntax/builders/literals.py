"""Literals: strings and their holes, numbers within 64 bits, durations, instants."""

from datetime import UTC, datetime

from policylang.source.spans import Span
from policylang.syntax import errors_literals, nodes
from policylang.syntax.builders.parts import Builder, Children
from policylang.syntax.http_names import is_token
from policylang.syntax.strings import decode
from policylang.syntax.template import holes_of
from policylang.syntax.words import Word

INT_MAX = 2**63 - 1
MICROS = {"ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
LONGEST = 10 * 366 * MICROS["d"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Literals(Builder):
    """Alternatives of ``literal``, and the word-level values that every block uses."""

    def text(self, word: Word) -> nodes.Str:
        """A STRING as a template: escapes resolved, references in braces taken out as holes."""
        span, source = self.at(word), word.value
        if "\\" not in source and "{" not in source and "}" not in source:
            return nodes.Str(span, source[1:-1])
        value, holes = holes_of(decode(source, span, self.complain), span, self.complain)
        return nodes.Str(span, value, holes)

    def verbatim(self, word: Word) -> nodes.Str:
        """A STRING in which braces stand for themselves."""
        span, source = self.at(word), word.value
        return nodes.Str(span, decode(source, span, self.complain).text)

    def texts_in(self, children: Children) -> tuple[nodes.Str, ...]:
        """Every STRING among the children."""
        return tuple(self.text(c) for c in children if type(c) is Word and c.type == "STRING")

    def number(self, word: Word) -> nodes.Int:
        """A NUMBER, at most 2**63-1; a larger one is complained of and stands for that."""
        return self._bounded(self.at(word), self._magnitude(word))

    def _magnitude(self, word: Word) -> int:
        """The value of digits, or anything beyond 64 bits for too many of them."""
        digits = word.value.replace("_", "")
        if len(digits) > 1 and digits[0] == "0":
            self.complain(errors_literals.leading_zero(self.at(word), word.value))
        return int(digits) if len(digits) < 20 else INT_MAX + 2

    def _bounded(self, span: Span, value: int) -> nodes.Int:
        if not -INT_MAX - 1 <= value <= INT_MAX:
            self.complain(errors_literals.number_too_big(span))
            value = INT_MAX
        return nodes.Int(span, value)

    def duration(self, word: Word) -> nodes.Duration:
        """A DURATION in microseconds, at most ten years."""
        source = word.value
        digits = source.rstrip("abcdefghijklmnopqrstuvwxyz")
        count = digits.replace("_", "")
        micros = int(count) * MICROS[source[len(digits) :]] if len(count) < 20 else LONGEST + 1
        if micros > LONGEST:
            self.complain(errors_literals.duration_too_long(self.at(word), source))
            micros = LONGEST
        return nodes.Duration(self.at(word), micros, source)

    def instant(self, word: Word) -> nodes.Instant:
        """A TIMESTAMP in whole seconds since 1970; a date that is not in the calendar is complained of."""
        try:
            moment = datetime.strptime(word.value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            moment = None
        if moment is None or moment < _EPOCH or word.value[17:19] > "59":
            self.complain(errors_literals.no_such_instant(self.at(word), word.value))
            return nodes.Instant(self.at(word), 0, word.value)
        return nodes.Instant(self.at(word), int((moment - _EPOCH).total_seconds()), word.value)

    def header_name(self, children: Children) -> nodes.Name | nodes.Str:
        word: Word = children[0]
        return self.name_of(word) if word.type == "PROPER" else self.text(word)

    def exact_header(self, name: nodes.Name | nodes.Str) -> nodes.Name | nodes.Str:
        """A header name that is one name: no hole, no wildcard."""
        if isinstance(name, nodes.Str) and (name.holes or "*" in name.value or not is_token(name.value)):
            self.complain(errors_literals.bad_header_name(name.span))
        return name

    def header_pattern(self, name: nodes.Name | nodes.Str) -> nodes.Name | nodes.Str:
        """A header name, or the beginning of one followed by ``*``."""
        if isinstance(name, nodes.Str):
            stem = name.value.removesuffix("*")
            if name.holes or "*" in stem or not is_token(stem):
                self.complain(errors_literals.bad_header_name(name.span))
        return name

    def checked_method(self, name: nodes.Name) -> nodes.Name:
        """A request method: upper-case, as methods are compared byte for byte."""
        if name.text != name.text.upper():
            self.complain(errors_literals.method_case(name.span, name.text))
        return name

    def key_name(self, key: Word) -> nodes.Name:
        """The name in ``name:``, without the colon."""
        whole = self.at(key)
        return nodes.Name(Span(whole.file, whole.start, whole.end - 1), key.value[:-1])

    def string(self, children: Children) -> nodes.Str:
        return self.text(children[0])

    def int(self, children: Children) -> nodes.Int:
        digits = children[-1]
        if len(children) == 1:
            return self.number(digits)
        magnitude = self._magnitude(digits)
        return self._bounded(self.place(children), -magnitude if children[0].value == "-" else magnitude)

    def bool(self, children: Children) -> nodes.Bool:
        return nodes.Bool(self.at(children[0]), children[0].value == "true")

    def strings(self, children: Children) -> nodes.StrSet:
        return nodes.StrSet(self.place(children), self.texts_in(children))
