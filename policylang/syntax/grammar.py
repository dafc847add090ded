"""The grammar, loaded once a process, with its builder and the lock that makes one parse at a time of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import RLock
from typing import Any

from lark import Lark, Token
from lark.common import LexerConf
from lark.lexer import Lexer

from policylang.syntax.builders.builder import NodeBuilder
from policylang.syntax.lalr import Machine, tables_of
from policylang.syntax.words import Scanner


def grammar_text() -> str:
    """The text of ``rules.lark``."""
    return files("policylang.syntax").joinpath("rules.lark").read_text(encoding="utf-8")


class _NoLexer(Lexer):
    """Stands where Lark wants a lexer: words come from ``Scanner``, and Lark's own would be built for nothing."""

    def __init__(self, _conf: LexerConf) -> None:
        """Lark passes the terminals."""

    def lex(self, _lexer_state: Any, _parser_state: Any) -> Iterator[Token]:
        """There is nothing to read."""
        return iter(())


class Grammar:
    """LALR tables, the builder that their reductions call, and the scanner made from the same terminals."""

    def __init__(self) -> None:
        self.builder = NodeBuilder()
        self._lark = Lark(
            grammar_text(),
            parser="lalr",
            lexer=_NoLexer,
            start=["item", "file"],
            keep_all_tokens=True,
            maybe_placeholders=False,
            transformer=self.builder,
        )
        self._tables = tables_of(self._lark, "item")
        blanks = next(name for name in self._lark.ignore_tokens if name != "COMMENT")
        self.scanner = Scanner(tuple(self._lark.terminals), blanks)
        self.spelling = {t.name: t.pattern.value for t in self._lark.terminals if t.pattern.type == "str"}

    def machine(self) -> Machine:
        """A machine that waits for the first word of an item."""
        return Machine(self._tables)


_LOCK = RLock()


@cache
def _grammar() -> Grammar:
    return Grammar()


@contextmanager
def exclusive_grammar() -> Iterator[Grammar]:
    """The process's grammar, for one parse at a time: its builder knows one file."""
    with _LOCK:
        yield _grammar()
