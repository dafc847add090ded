"""A member found by its path in a JSON object."""

from collections.abc import Mapping
from typing import Final


class Missing:
    """What ``find`` gives instead of a value. Two values: ABSENT and MISPLACED."""

    __slots__ = ()


ABSENT: Final = Missing()
"""No such member, or no such parent."""

MISPLACED: Final = Missing()
"""A parent is there and is no object: the token has another shape than the declaration."""


def find(payload: Mapping[str, object], path: tuple[str, ...]) -> object:
    """The value at ``path``; ABSENT or MISPLACED; None is a null, at the end of the path or on the way.

    >>> find({"a": {"b": 1}}, ("a", "b"))
    1
    """
    node: object = payload
    for member in path:
        if node is None:
            return None
        if not isinstance(node, Mapping):
            return MISPLACED
        node = node.get(member, ABSENT)
        if node is ABSENT:
            return ABSENT
    return node
