"""The lets that an expression uses: that they exist, that they end, and how much they amount to once put in.

The checker reads an expression through its lets; only after this survey is that sure to end soon.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from policylang.check import errors_expr_names as errors
from policylang.check.environment import Names, Sink
from policylang.check.expr_cases import Mentions
from policylang.check.expr_scene import GUESSING_ENDS, complain
from policylang.check.nearest import nearest
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax.walk import children

MAX_NODES = 10_000
MAX_DEPTH = 128


@dataclass(slots=True)
class _Tally:
    """What one expression amounts to. ``uses`` are the lets named in it, each with its depth."""

    size: int = 0
    depth: int = 0
    captures: set[str] = field(default_factory=set)
    grants: bool = False
    uses: list[tuple[nodes.LetRef, int]] = field(default_factory=list)

    def put_in(self, let: "_Tally", depth: int) -> None:
        """Count a let where it is named."""
        self.size += let.size
        self.depth = max(self.depth, depth + let.depth)
        self.captures |= let.captures
        self.grants = self.grants or let.grants


def survey(expr: nodes.Expr, names: Names, sink: Sink) -> Mentions | None:
    """What the expression mentions, lets included; None after a complaint about its lets."""
    tally = _Survey(names, sink).whole(expr)
    if tally is None:
        return None
    if tally.size > MAX_NODES:
        sink.add(errors.expression_too_large(expr.span, "parts", MAX_NODES))
        return None
    if tally.depth > MAX_DEPTH:
        sink.add(errors.expression_too_large(expr.span, "levels", MAX_DEPTH))
        return None
    return Mentions(frozenset(tally.captures), tally.grants)


class _Survey:
    def __init__(self, names: Names, sink: Sink) -> None:
        self._names = names
        self._sink = sink
        self._done: dict[str, _Tally | None] = {}
        self._too_deep = _Tally(depth=MAX_DEPTH + 1)

    def whole(self, expr: nodes.Expr) -> _Tally | None:
        """The tally of an expression with all its lets put in."""
        return self._put_in(_own(expr), (), None)

    def _put_in(self, tally: _Tally, path: tuple[str, ...], use: Span | None) -> _Tally | None:
        good = True
        for let_ref, depth in tally.uses:
            inner = self._let(let_ref, path, use)
            if inner is None:
                good = False
            else:
                tally.put_in(inner, depth)
        return tally if good else None

    def _let(self, let_ref: nodes.LetRef, path: tuple[str, ...], use: Span | None) -> _Tally | None:
        name = let_ref.name
        if name in self._done:
            return self._done[name]
        let = self._names.lets.get(name)
        if let is None:
            self._unknown(let_ref, use)
            return None
        if name in path:
            self._cycle(path[path.index(name) :], use or let_ref.span)
            return None
        if len(path) >= MAX_DEPTH:
            return self._too_deep
        result = self._put_in(_own(let.value), (*path, name), use or let_ref.span)
        self._done[name] = result
        return result

    def _unknown(self, let_ref: nodes.LetRef, use: Span | None) -> None:
        name, names = let_ref.name, self._names
        near = nearest(name, names.lets) if len(self._sink.found) < GUESSING_ENDS else None
        roots = {"claims": names.claims, "metadata": names.metadata or {}, "path": names.captures}
        likely = next((f"{root}.{name}" for root, known in roots.items() if name in known), None)
        complain(self._sink, errors.unknown_let(name, let_ref.span, near, likely), use)

    def _cycle(self, circle: Sequence[str], use: Span) -> None:
        """Complain in the same words whichever let of the circle an expression enters by."""
        first = circle.index(min(circle))
        turned = (*circle[first:], *circle[:first])
        spans = [self._names.lets[name].name.span for name in turned]
        complain(self._sink, errors.let_cycle(turned, spans[0], spans[1:]), use)


def _own(expr: nodes.Expr) -> _Tally:
    """The tally of an expression, lets not put in; any depth, as it does not recurse."""
    tally = _Tally()
    pending: list[tuple[nodes.Node, int]] = [(expr, 1)]
    size, deepest = 0, 0
    while pending:
        node, depth = pending.pop()
        size += 1
        deepest = max(deepest, depth)
        if isinstance(node, nodes.LetRef):
            tally.uses.append((node, depth))
        elif isinstance(node, nodes.Ref):
            if node.root == "path":
                tally.captures.add(node.name)
            tally.grants = tally.grants or node.root == "policy"
        else:
            pending += [(child, depth + 1) for child in children(node)]
    tally.size, tally.depth = size, deepest
    tally.uses.reverse()
    return tally
