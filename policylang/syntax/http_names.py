"""What RFC 9110 calls a token: the shape of header names, methods and (RFC 6265) cookie names."""

import re

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")


def is_token(text: str) -> bool:
    """Whether ``text`` is a token (RFC 9110 section 5.6.2) of at most 256 characters.

    >>> is_token("X-User"), is_token("X User")
    (True, False)
    """
    return _TOKEN.fullmatch(text) is not None
