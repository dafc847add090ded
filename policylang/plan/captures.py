"""Which texts a capture takes: one reader for each capture type, from a segment's or label's text to its value."""

import re
from collections.abc import Callable

from policylang.plan.model import Expr
from policylang.token.scalars import scalar_reader

Capture = Callable[[str], str | int | None]
"""The capture's value, or None where the text is none of its type's."""

_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,18}").fullmatch


def capture_reader(kind: Expr) -> Capture:
    """The reader for a capture type of a plan: texts as the same type of a claim is read, integers from decimals.

    >>> capture_reader(("int", 0, 99))("07") is None
    True
    """
    return _integer(kind[1], kind[2]) if kind[0] == "int" else scalar_reader(kind)


def _integer(low: int, high: int) -> Capture:
    """Canonical decimals only: no plus, no leading zero, no ``-0``, ASCII digits."""

    def read(text: str) -> int | None:
        if not _DECIMAL(text):
            return None
        number = int(text)
        return number if low <= number <= high else None

    return read
