"""Which cases are run: those whose title fits a pattern."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from policylang.testing.model import Case

_WILD = frozenset("*?[")


def chosen(cases: Sequence[Case], pattern: str | None) -> tuple[Case, ...]:
    """The cases whose title fits; all of them without a pattern.

    A pattern is a glob (``*``, ``?``, ``[…]``) over the whole title, or a text without these that stands anywhere in it;
    case matters in neither.
    """
    return tuple(case for case in cases if pattern is None or fits(case.title, pattern))


def fits(title: str, pattern: str) -> bool:
    """Whether a title fits a pattern.

    >>> fits("Gold callers read", "gold"), fits("Gold callers read", "*READ"), fits("Gold callers read", "read*")
    (True, True, False)
    """
    title, pattern = title.casefold(), pattern.casefold()
    return fnmatchcase(title, pattern) if _WILD & set(pattern) else pattern in title
