"""Parsing: a source tree in; an AST, every complaint and the comments out. Never an exception, whatever the text.

The LALR parser reads one item at a time. Where it cannot go on, the complaint is worded by ``policylang.syntax.refusal``
and reading resumes at the next item word in column 1, so that one slip costs one complaint and the rest is still read.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.source_errors import source_trouble
from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.tree import SourceTree
from policylang.syntax import errors, nodes
from policylang.syntax.errors_expressions import TOO_DEEP
from policylang.syntax.grammar import Grammar, exclusive_grammar
from policylang.syntax.heads import HEAD_TYPES, is_head, is_headers
from policylang.syntax.lalr import Machine
from policylang.syntax.lexemes import Lexed, lex
from policylang.syntax.refusal import Stop, refusal
from policylang.syntax.trivia import Comment, Trivia
from policylang.syntax.words import Word

LANGUAGE = 1
NESTING_CAP = 64

STRETCH = 64
"""So many words at most are looked at before they are read."""

_CLOSING = {"RBRACE", "RPAR", "RSQB"}
_DEEPER = {"LBRACE": 1, "LPAR": 1, "LSQB": 1, **dict.fromkeys(_CLOSING, -1)}


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What was read: the items that could be, the complaints in source order, the comments.

    ``rule_set`` stands for the rules only when ``ok``: a rule that was not read may have been a deny.
    """

    rule_set: nodes.RuleSet
    diagnostics: tuple[Diagnostic, ...]
    trivia: Trivia

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


def parse(tree: SourceTree) -> ParseResult:
    """Parse every file of a tree; what could not be read from disk is complained of here too."""
    parsed: list[nodes.File] = []
    comments: list[tuple[Comment, ...]] = []
    diagnostics = [source_trouble(trouble) for trouble in tree.troubles]
    for index, source in enumerate(tree.files):
        file, lexed, complaints = parse_file(source, index)
        parsed.append(file)
        comments.append(lexed.comments)
        diagnostics.extend(complaints)
    diagnostics.sort(key=lambda diagnostic: (diagnostic.span, diagnostic.code))
    return ParseResult(nodes.RuleSet(tuple(parsed)), tuple(diagnostics), Trivia(tuple(comments)))


def parse_file(source: SourceText, index: int) -> tuple[nodes.File, Lexed, list[Diagnostic]]:
    """Parse one file, number ``index`` of its tree; the complaints are in no order."""
    with exclusive_grammar() as grammar:
        reading = _Reading(source, index, grammar)
        return reading.file(), reading.lexed, reading.complaints


@dataclass
class _Reading:
    """The reading of one file, item by item."""

    source: SourceText
    index: int
    grammar: Grammar
    lexed: Lexed = field(init=False)
    complaints: list[Diagnostic] = field(default_factory=list)
    items: list[nodes.Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lexed = lex(self.source.text, self.index, self.grammar.scanner)
        self.words = self.lexed.words
        self.complaints.extend(self.lexed.complaints)
        self.flaws = sorted(complaint.span.start for complaint in self.lexed.complaints)
        self.grammar.builder.file = self.index
        self.grammar.builder.complain = self.complaints.append

    def file(self) -> nodes.File:
        """Read the header and every item."""
        version, at = (LANGUAGE, 0) if not self.source.readable else self._header()
        while at < len(self.words):
            at = self._item(at)
        if self.lexed.hopeless:
            self.complaints[:] = self.lexed.complaints
        return nodes.File(Span(self.index, 0, len(self.source.text)), self.source.path, version, tuple(self.items))

    def _header(self) -> tuple[int, int]:
        """The language version, and the index of the word behind it; of an unknown language nothing more is read."""
        words = self.words
        if not words or words[0].type != "LANGUAGE":
            self._complain_of_header(words[0] if words else None)
            return LANGUAGE, 0
        if len(words) < 2 or words[1].type != "NUMBER":
            self._complain_of_header(words[0])
            return LANGUAGE, 1
        if words[1].value != str(LANGUAGE):
            self.complaints.append(errors.unknown_language(self._span(words[1]), words[1].value))
            return LANGUAGE, len(words)
        return LANGUAGE, 2

    def _complain_of_header(self, word: Word | None) -> None:
        place = Span(self.index, 0, 0) if word is None else self._span(word)
        if not self.flaws or self.flaws[0] > place.end:
            self.complaints.append(errors.missing_language(place))

    def _item(self, start: int) -> int:
        """Read one item from word ``start``; the index at which to go on."""
        words, before = self.words, len(self.complaints)
        machine = self.grammar.machine()
        depth, at, whole = 0, start, False
        while not whole:
            stop, depth_there, whole = self._stretch(start, at, depth)
            reached = machine.run(words, at, stop)
            if reached < stop:
                depth += sum(_DEEPER.get(word.type, 0) for word in words[at:reached])
                return self._stopped(start, reached, depth, machine, before)
            depth, at = depth_there, stop
            if depth > NESTING_CAP:
                complaint = errors.nested_too_deeply(self._span(words[at - 1]), NESTING_CAP)
                return self._gave_up(start, at - 1, before, complaint)
        item = machine.finish()
        if item is None:
            return self._stopped(start, at, depth, machine, before)
        self._keep(item, start, at, before)
        return at

    def _stretch(self, start: int, at: int, depth: int) -> tuple[int, int, bool]:
        """How far the item from word ``start`` goes on from ``at``, with ``depth`` brackets open there.

        The end of a stretch of words, the depth there, and whether the item ends with it. A stretch is short, so that
        what is not read in the end has not been looked at often; it also ends behind the bracket that is one too many.
        """
        words = self.words
        stop = min(at + STRETCH, len(words))
        for index in range(at, stop):
            kind = words[index].type
            if kind in _DEEPER:
                depth += _DEEPER[kind]
                if depth > NESTING_CAP:
                    return index + 1, depth, False
            elif kind in HEAD_TYPES and index > start and self._begins_next(index, depth):
                return index, depth, True
        return stop, depth, stop == len(words)

    def _begins_next(self, index: int, depth: int) -> bool:
        """Whether a word that can begin an item does, with ``depth`` brackets open before it."""
        return (depth == 0 or is_headers(self.words, index)) and self._resumes(index)

    def _keep(self, item: nodes.Item, start: int, at: int, before: int) -> None:
        """Add an item, unless it is so deep that those who compare or print nodes would not come back from it."""
        if all(complaint.code != TOO_DEEP for complaint in self.complaints[before:]):
            self.items.append(item)
        self._hush(start, at, before)

    def _stopped(self, start: int, at: int, depth: int, machine: Machine, before: int) -> int:
        """The word at ``at`` was refused: perhaps the item was complete before it, else say what is wrong."""
        begins_line = at < len(self.words) and self._begins_line(at)
        if start < at < len(self.words) and not depth and (begins_line or self._begins_item(at)):
            item = machine.finish()
            if item is not None:
                self._keep(item, start, at, before)
                return at
        stop = Stop(self.index, self.words, start, at, depth, begins_line, machine, self.grammar)
        return self._gave_up(start, at, before, refusal(stop))

    def _begins_item(self, at: int) -> bool:
        """Whether a word in the middle of a line cannot belong to the item before it."""
        return self.words[at].type in _CLOSING or is_head(self.words, at)

    def _gave_up(self, start: int, at: int, before: int, complaint: Diagnostic) -> int:
        """One complaint for the item, and the next item word in column 1."""
        self.complaints.append(complaint)
        following = max(at, start + 1)
        while following < len(self.words) and not self._resumes(following):
            following += 1
        if complaint.code == errors.LATER:
            self._forgive(at, following)
        else:
            self._hush(start, at + 1, before)
        return following

    def _forgive(self, at: int, following: int) -> None:
        """What comes with a later version may have words of that version too: one complaint says it."""
        first = self.words[at].start
        last = self.words[following].start if following < len(self.words) else len(self.source.text)
        later = {id(flaw) for flaw in self.lexed.complaints if first <= flaw.span.start < last}
        self.complaints[:] = [complaint for complaint in self.complaints if id(complaint) not in later]

    def _resumes(self, index: int) -> bool:
        """Whether reading can go on here: at an item word in column 1, or at two names that look like a misspelled one."""
        kind = self.words[index].type
        if kind in HEAD_TYPES:
            return self._begins_line(index) and is_head(self.words, index)
        follows = self.words[index + 1].type if index + 1 < len(self.words) else ""
        return kind == "NAME" == follows and self._begins_line(index)

    def _hush(self, start: int, end: int, before: int) -> None:
        """Where a word of the item was malformed, that complaint is enough."""
        first = self.words[start].start
        last = self.words[min(end, len(self.words)) - 1].end
        flaw = bisect_left(self.flaws, first)
        if flaw < len(self.flaws) and self.flaws[flaw] <= last:
            del self.complaints[before:]

    def _begins_line(self, index: int) -> bool:
        start = self.words[index].start
        return start == 0 or self.source.text[start - 1] == "\n"

    def _span(self, word: Word) -> Span:
        return Span(self.index, word.start, word.end)
