"""How complaints phrase lists of names and near misses."""

from collections.abc import Iterable, Sequence


def names(items: Iterable[str]) -> str:
    """Names in backticks, as a list in prose.

    >>> names(["a", "b", "c"])
    '`a`, `b` and `c`'
    """
    return _prose([f"`{item}`" for item in items])


def some_names(items: Sequence[str]) -> str:
    """Like ``names``, but five at most and the number of the rest.

    >>> some_names(["a", "b", "c", "d", "e", "f", "g"])
    '`a`, `b`, `c`, `d`, `e` and 2 more'
    """
    if len(items) <= 6:
        return names(items)
    shown = [f"`{item}`" for item in items[:5]]
    return _prose([*shown, f"{len(items) - 5} more"])


def quoted(text: str) -> str:
    """A text in the quotes of the rules language; quotes, backslashes, braces and controls are escaped.

    >>> quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "{": "\\{", "}": "\\}"}
    return '"' + "".join(escapes.get(c, c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in text) + '"'


def did_you_mean(near: str | None) -> tuple[str, ...]:
    """The help line for a near miss, none without one."""
    return () if near is None else (f"did you mean `{near}`?",)


def _prose(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else "none"
