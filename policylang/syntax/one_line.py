"""A piece of source text on one line, to be quoted: for a report, not to be parsed again."""

import re

_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|#[^\n]*')


def one_line(text: str) -> str:
    """Source text without its comments, each run of blanks and line ends outside strings as one blank.

    >>> one_line('a  # why\\n  and "b  #c"')
    'a and "b  #c"'
    """
    bare = _STRING_OR_COMMENT.sub(lambda match: match[1] or "", text)
    pieces = re.split(r'("(?:[^"\\\n]|\\.)*")', bare)
    return "".join(piece if at % 2 else re.sub(r"\s+", " ", piece) for at, piece in enumerate(pieces)).strip()
