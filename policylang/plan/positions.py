"""The table of positions: made from spans, each distinct one once, sorted."""

import hashlib
from collections.abc import Iterable
from itertools import starmap

from policylang.plan.model import Position, SourceFile
from policylang.source.spans import Span
from policylang.source.tree import SourceTree, is_tests_file

_Key = tuple[int, int, int]


class Positions:
    """The positions of some spans: ``files`` and ``table`` as in the plan, ``at`` for a span's index in it.

    Files of tests are no part of a plan, and no span is of one.
    """

    def __init__(self, tree: SourceTree, spans: Iterable[Span]) -> None:
        planned = [i for i, file in enumerate(tree.files) if not is_tests_file(file.path)]
        order = sorted(planned, key=lambda i: tree.files[i].path)
        rank = {old: new for new, old in enumerate(order)}
        self.files = tuple(
            SourceFile(tree.files[i].path, hashlib.sha256(tree.files[i].text.encode()).hexdigest()) for i in order
        )
        # plain tuples: hashing and comparing spans themselves takes most of the time on a large rule set
        distinct = {(rank[span.file], span.start, span.end) for span in spans}
        self._rank = rank
        self._index: dict[_Key, int] = {}
        table: list[tuple[int, int, int, int, int]] = []
        positions = [tree.files[i].position for i in order]
        last = None
        for key in sorted(distinct):
            file, start, end = key
            row = (file, *positions[file](start), *positions[file](end))
            if row != last:
                table.append(row)
                last = row
            self._index[key] = len(table) - 1
        self.table = tuple(starmap(Position, table))

    def at(self, span: Span) -> int:
        """The index of a span's position in the table."""
        return self._index[self._rank[span.file], span.start, span.end]
