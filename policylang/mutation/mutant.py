"""A mutant, as data: which text is replaced by which, and what to say of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.syntax.one_line import one_line


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The text at ``span`` becomes ``text``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``span`` is what it is about; ``shown`` what is printed of it, before and after, and holds all edits.

    ``hint`` says in one sentence which test would notice it. ``unseen`` is not empty where no rule test can, and why.
    ``edits`` are of one file, in order, and apart from one another.
    """

    operator: str
    span: Span
    shown: Span
    edits: tuple[Edit, ...]
    hint: str
    unseen: str = ""

    def before(self, tree: SourceTree) -> str:
        """What stands there now, on one line."""
        return one_line(tree.text_of(self.shown))

    def after(self, tree: SourceTree) -> str:
        """What would stand there, on one line; empty where it is dropped."""
        text = _edited(tree.files[self.shown.file].text, self.edits)
        grown = sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in self.edits)
        return one_line(text[self.shown.start : self.shown.end + grown])

    def applied(self, tree: SourceTree) -> SourceTree:
        """The tree with the change in it."""
        file = self.edits[0].span.file
        changed = replace(tree.files[file], text=_edited(tree.files[file].text, self.edits))
        return replace(tree, files=(*tree.files[:file], changed, *tree.files[file + 1 :]))


def _edited(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def without(spans: Sequence[Span], index: int) -> Edit:
    """Drop one of several things that stand in a row, with what separates it from the one beside it."""
    if index == 0:
        return Edit(Span(spans[0].file, spans[0].start, spans[1].start), "")
    return Edit(Span(spans[0].file, spans[index - 1].end, spans[index].end), "")
