"""Text of the author's inside a sentence of ours."""

CUT = 40


def quoted(text: str) -> str:
    """The text between backquotes, at most 40 characters of it, with what cannot be seen as ``\\u{…}``.

    >>> quoted("a\\x00b")
    '`a\\\\u{0}b`'
    """
    shown = "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text[:CUT])
    return f"`{shown}{'…' if len(text) > CUT else ''}`"
