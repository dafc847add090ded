"""Where in a JSON text a member stands: readers of JSON give values without places."""

from collections.abc import Sequence
from json import JSONDecoder

_SPACE = " \t\r\n"
_read = JSONDecoder().raw_decode


def line_of(text: str, path: Sequence[int]) -> int:
    """The line, from 1, of the name of a member: the ``path[0]``-th of the outermost object, in it the ``path[1]``-th …

    ``text`` is a JSON object that reads; the path leads through objects.
    """
    at = 0
    for number in path:
        at = _after_space(text, at) + 1
        for passed in range(number):
            name = _after_space(text, at)
            _, end = _read(text, name)
            at = _after_space(text, _after_space(text, end) + 1)
            if passed < number - 1:
                _, end = _read(text, at)
                at = _after_space(text, end) + 1
    return text.count("\n", 0, name) + 1 if path else 1


def _after_space(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at
