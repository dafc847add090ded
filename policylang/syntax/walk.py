"""Walking the AST: what a node's child nodes are, for any node, in the order of its fields."""

from collections.abc import Iterator

from policylang.syntax.nodes import Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below ``node``, those in (nested) tuples included."""
    names: tuple[str, ...] = type(node).__match_args__[1:]  # all but the span
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _within(value)


def _within(values: tuple[object, ...]) -> Iterator[Node]:
    for value in values:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _within(value)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything below it, parents first, left to right; any depth, as it does not recurse."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(tuple(children(current))))


def depth(node: Node) -> int:
    """The number of nodes on the longest path downwards from ``node``, itself included."""
    deepest, pending = 0, [(node, 1)]
    while pending:
        current, level = pending.pop()
        deepest = max(deepest, level)
        pending.extend((child, level + 1) for child in children(current))
    return deepest
