"""The table of positions: made from spans, each distinct one once, sorted."""

import hashlib

from policylang.plan.model import Position, SourceFile
from policylang.source.spans import Span
from policylang.source.tree import SourceTree


class Positions:
    """Collects spans first; ``freeze`` sorts, and from then on ``at`` gives a span's index."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        order = sorted(range(len(tree.files)), key=lambda i: tree.files[i].path)
        self._files = {old: new for new, old in enumerate(order)}
        self._found: dict[Span, Position] = {}
        self._index: dict[Position, int] = {}
        self.files = tuple(
            SourceFile(tree.files[i].path, hashlib.sha256(tree.files[i].text.encode()).hexdigest()) for i in order
        )

    def note(self, span: Span) -> None:
        """The span will be asked for."""
        if span not in self._found:
            text = self._tree.files[span.file]
            start, end = text.position(span.start), text.position(span.end)
            self._found[span] = Position(self._files[span.file], *start, *end)

    def freeze(self) -> tuple[Position, ...]:
        """The table: in the order of files, lines and columns."""
        table = sorted(
            set(self._found.values()), key=lambda p: (p.file, p.line, p.column, p.end_line, p.end_column)
        )  # fmt: skip
        self._index = {position: i for i, position in enumerate(table)}
        return tuple(table)

    def at(self, span: Span) -> int:
        """The index of a span's position in the table."""
        return self._index[self._found[span]]
