"""The source as operators see it: nodes, the words around them, and the checked module for what a name means."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property

from policylang.check import model
from policylang.mutation.mutant import Edit
from policylang.mutation.proofs import Proofs
from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.syntax import nodes
from policylang.syntax.grammar import exclusive_grammar
from policylang.syntax.lexemes import lex
from policylang.syntax.one_line import one_line
from policylang.syntax.words import Word

QUOTED = 72


class Written:
    """A rule set without complaints: its text, its nodes and what they mean."""

    def __init__(self, tree: SourceTree, rule_set: nodes.RuleSet, module: model.CheckedModule) -> None:
        self.tree = tree
        self.rule_set = rule_set
        self.module = module
        self.proofs = Proofs(module)
        with exclusive_grammar() as grammar:
            self._words = [lex(source.text, i, grammar.scanner).words for i, source in enumerate(tree.files)]
        self._starts = [[word.start for word in words] for words in self._words]

    def text(self, span: Span) -> str:
        """The source text at a span for use in a sentence: on one line, and cut where it is long."""
        text = one_line(self.tree.text_of(span))
        return text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()}…"

    def items(self) -> Iterator[nodes.Item]:
        """Every item of every file."""
        for file in self.rule_set.files:
            yield from file.items

    def words(self, span: Span) -> list[Word]:
        """The words within a span."""
        starts = self._starts[span.file]
        return self._words[span.file][bisect_left(starts, span.start) : bisect_left(starts, span.end)]

    def after(self, span: Span) -> Word:
        """The first word behind a span. Raises IndexError at the end of a file."""
        return self._words[span.file][bisect_left(self._starts[span.file], span.end)]

    def before(self, span: Span) -> Word:
        """The last word before a span; at the beginning of a file, the first word of it."""
        return self._words[span.file][max(0, bisect_right(self._starts[span.file], span.start - 1) - 1)]

    def whole(self, span: Span) -> Span:
        """A span with the parentheses around it."""
        last = self._words[span.file][-1].end
        while span.end < last and self.before(span).type == "LPAR" and self.after(span).type == "RPAR":
            span = Span(span.file, self.before(span).start, self.after(span).end)
        return span

    def edit(self, span: Span, word: Word, text: str) -> Edit:
        """One word of the file of ``span`` becomes ``text``."""
        return Edit(Span(span.file, word.start, word.end), text)

    @cached_property
    def literals(self) -> dict[Span, model.Lit]:
        """The typed literals of conditions, by place."""
        conditions = [rule.condition for rule in self.module.rules]
        conditions += [arm.when for select in self.module.selects for arm in select.arms]
        found: dict[Span, model.Lit] = {}
        pending: list[object] = list(conditions)
        while pending:
            node = pending.pop()
            if isinstance(node, model.Lit):
                found[node.span] = node
            elif isinstance(node, tuple):
                pending.extend(node)
            elif isinstance(node, model.Typed):
                pending.extend(getattr(node, part.name) for part in fields(node))
        return found
