"""Walking the AST: what a node's child nodes are, for any node, in the order of its fields."""

from collections.abc import Iterator

from policylang.syntax.nodes import Node


def children(node: Node) -> list[Node]:
    """The nodes directly below ``node``, those in (nested) tuples included."""
    found: list[Node] = []
    names: tuple[str, ...] = type(node).__match_args__[1:]  # all but the span
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif type(value) is tuple:
            _within(value, found)
    return found


def _within(values: tuple[object, ...], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif type(value) is tuple:
            _within(value, found)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything below it, parents first, left to right; any depth, as it does not recurse."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending += reversed(children(current))


def depth(node: Node) -> int:
    """The number of nodes on the longest path downwards from ``node``, itself included."""
    deepest, pending = 0, [(node, 1)]
    while pending:
        current, level = pending.pop()
        deepest = max(deepest, level)
        pending.extend((child, level + 1) for child in children(current))
    return deepest
