"""Request targets (RFC 9112 section 3.2.1, RFC 3986 section 3.3): the decoded segments of a path, or a refusal.

What an upstream could read in another way is refused: nothing is repaired.
"""

import re
from unicodedata import category

PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})*)+")
QUERY = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
MAX_LENGTH = 8192
TRIPLET = re.compile(r"%([0-9A-Fa-f]{2})")


def segments(target: str) -> tuple[str, ...] | None:
    """The path's segments, percent-decoded once; a trailing slash gives an empty last one. None: malformed."""
    path, _, query = target.partition("?")
    if len(target) > MAX_LENGTH:
        return None
    if not PATH.fullmatch(path) or not QUERY.fullmatch(query) or "//" in path:
        return None
    decoded = [decode(segment) for segment in path[1:].split("/")]
    whole = [segment for segment in decoded if segment is not None]
    return tuple(whole) if len(whole) == len(decoded) else None


def decode(segment: str) -> str | None:
    """A segment's text; None where it is not UTF-8, is a dot segment, or holds what could end or split it elsewhere."""
    raw = TRIPLET.sub(lambda found: chr(int(found[1], 16)), segment).encode("latin-1")
    try:
        text = raw.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return None
    if text in {".", ".."} or any(character in "/\\;?#" or category(character) == "Cc" for character in text):
        return None
    return None if TRIPLET.search(text) else text
