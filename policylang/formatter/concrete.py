"""The concrete tree: what the grammar makes of a file's words, with every word and every comment in it.

Law of this file: it knows no rule of the grammar by name, so what the grammar learns is laid out without a change here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from lark import Lark

from policylang.formatter.spelling import spelled
from policylang.formatter.token import Branch, Remark, Token
from policylang.syntax.grammar import exclusive_grammar, grammar_text
from policylang.syntax.lalr import Machine, Tables, tables_of
from policylang.syntax.lexemes import lex
from policylang.syntax.nodes import File
from policylang.syntax.trivia import Comment
from policylang.syntax.words import Word


@dataclass(frozen=True, slots=True)
class Concrete:
    """A file: ``header`` is ``language`` and its number; ``end`` is an empty token that has the remarks behind it all."""

    header: Branch
    items: tuple[Branch, ...]
    end: Token


@cache
def _tables() -> Tables:
    made = Lark(
        grammar_text(), parser="lalr", lexer="basic", start=["item"], keep_all_tokens=True, maybe_placeholders=False
    )
    return tables_of(made, "item")


def concrete(text: str, file: File) -> Concrete:
    """The concrete tree of a text that was parsed to ``file`` without an error."""
    with exclusive_grammar() as grammar:
        lexed = lex(text, file.span.file, grammar.scanner)
    words = [*lexed.words, Word("END", "", len(text), len(text))]
    *made, end = _Threading(text, lexed.comments).tokens(words)
    by_start = {word.start: index for index, word in enumerate(words)}
    bounds = [*(by_start[item.span.start] for item in file.items), len(made)]
    items = tuple(_item(made[start:stop]) for start, stop in pairwise(bounds))
    return Concrete(Branch("language", tuple(made[: bounds[0]])), items, end)


def _item(made: Sequence[Token]) -> Branch:
    machine = Machine(_tables())
    for at, token in enumerate(made):
        if not machine.feed(Word(token.kind, "", at, at)):
            raise ValueError(f"the grammar has no place for {token.text}")
    found = _branch(machine.finish(), made)
    return found if isinstance(found, Branch) else Branch("", (found,))


def _branch(part: Any, made: Sequence[Token]) -> Branch | Token:
    """Lark's tree with words, as branches with tokens; a rule that matched nothing leaves nothing."""
    if isinstance(part, Word):
        return made[part.start]
    children = (_branch(child, made) for child in part.children)
    return Branch(str(part.data), tuple(child for child in children if isinstance(child, Token) or child.children))


@dataclass
class _Threading:
    """Puts a file's comments on the words between which they stand."""

    text: str
    comments: tuple[Comment, ...]
    at: int = 0
    passed: int = 0

    def tokens(self, words: Sequence[Word]) -> list[Token]:
        """A token for each word; ``passed`` is the end of what stands before the next."""
        made: list[Token] = []
        for index, word in enumerate(words):
            begins_line = "\n" in self.text[words[index - 1].end if index else 0 : word.start]
            lead = self._lead(word)
            blank = self._blank_before(word.start)
            self.passed = word.end
            follows = words[index + 1].start if index + 1 < len(words) else len(self.text) + 1
            made.append(Token(word.type, spelled(made, word), lead, self._trail(follows), blank, begins_line))
        return made

    def _lead(self, word: Word) -> tuple[Remark, ...]:
        remarks: list[Remark] = []
        while (comment := self._next(word.start)) is not None:
            remarks.append(Remark(comment.text, self._blank_before(comment.span.start)))
            self._pass(comment)
        return tuple(remarks)

    def _trail(self, follows: int) -> tuple[str, ...]:
        """The comment on the line of a word, and those below it that begin in the same column."""
        comment = self._next(follows)
        if comment is None or comment.own_line:
            return ()
        remarks, column = [comment.text], self._column(comment)
        self._pass(comment)
        while (comment := self._next(follows)) is not None:
            if self._blank_before(comment.span.start) or self._column(comment) != column:
                break
            remarks.append(comment.text)
            self._pass(comment)
        return tuple(remarks)

    def _next(self, before: int) -> Comment | None:
        """The next comment, if it stands before an offset."""
        if self.at < len(self.comments) and self.comments[self.at].span.start < before:
            return self.comments[self.at]
        return None

    def _pass(self, comment: Comment) -> None:
        self.passed = comment.span.end
        self.at += 1

    def _blank_before(self, offset: int) -> bool:
        return self.text.count("\n", self.passed, offset) > 1

    def _column(self, comment: Comment) -> int:
        return comment.span.start - self.text.rfind("\n", 0, comment.span.start)
