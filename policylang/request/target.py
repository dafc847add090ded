"""The request target, normalised once: rules, routes and the upstream see one path or none.

Law of this file: nothing is repaired. A path that two servers could read differently (RFC 3986 section 6.2.2,
RFC 9110 section 4.2.3) is refused; an accepted one travels on byte for byte.

Reasons: ``too_long``, ``not_origin_form``, ``fragment``, ``parameter``, ``bad_percent``, ``bad_byte``,
``encoded_delimiter``, ``double_encoding``, ``not_utf8``, ``control_character``, ``empty_segment``, ``dot_segment``,
``bad_query``.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from policylang.request.errors import TargetRefused

MAX_TARGET_BYTES = 8 * 1024

# pchar of RFC 3986 section 3.3 without ";": path parameters mean one thing to a servlet and nothing to a route
_PCHAR = rb"A-Za-z0-9\-._~!$&'()*+,=:@"
_TRIPLET = rb"%[0-9A-Fa-f]{2}"
_PATH = re.compile(rb"/[/" + _PCHAR + rb"]*(?:" + _TRIPLET + rb"[/" + _PCHAR + rb"]*)*")
_QUERY = re.compile(rb"[/?;" + _PCHAR + rb"]*(?:" + _TRIPLET + rb"[/?;" + _PCHAR + rb"]*)*")
# Most paths: no triplet, no empty segment but the last, none that begins with a dot
_PLAIN = re.compile(rb"(?:/[A-Za-z0-9\-_~!$&'()*+,=:@][" + _PCHAR + rb"]*)*/?")
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# / \ ; ? #: what splits or ends a path where it is decoded before it is taken apart
_DELIMITER = re.compile(rb"%(?:2[Ff]|5[Cc]|3[BbFf]|23)")
_CONTROL = re.compile(rb"%(?:[01][0-9A-Fa-f]|7[Ff])")
_DOUBLE = re.compile("%[0-9A-Fa-f]{2}")  # in decoded text, so that %25%32e is seen as well
_C1_CONTROL = re.compile("[\u0080-\u009f]")


class Target(NamedTuple):
    """``path`` and ``query`` as received; ``query`` None: no ``?``. ``segments`` are decoded text.

    The path ``/`` has the one segment ``""``; a path that ends in ``/`` has an empty last segment.
    """

    path: bytes
    query: bytes | None
    segments: tuple[str, ...]


def read_target(raw: bytes) -> Target:
    """The target of a request in origin-form (RFC 9112 section 3.2.1), or TargetRefused.

    >>> read_target(b"/a%20b/?q=1").segments
    ('a b', '')
    """
    if len(raw) > MAX_TARGET_BYTES:
        raise TargetRefused("too_long")
    path, mark, query = raw.partition(b"?")
    if query and not _QUERY.fullmatch(query):
        raise TargetRefused("fragment" if b"#" in query else "bad_query")
    plain = path and _PLAIN.fullmatch(path)
    segments = tuple(path.decode("ascii").split("/")[1:]) if plain else _segments(path)
    return Target(path, query if mark else None, segments)


def _segments(path: bytes) -> tuple[str, ...]:
    """The segments of a path that needs a closer look."""
    if not _PATH.fullmatch(path):
        raise TargetRefused(_complaint(path))
    if _DELIMITER.search(path):
        raise TargetRefused("encoded_delimiter")
    if _CONTROL.search(path):
        raise TargetRefused("control_character")
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise TargetRefused("not_utf8") from None
    if _C1_CONTROL.search(text):
        raise TargetRefused("control_character")
    if _DOUBLE.search(text):
        raise TargetRefused("double_encoding")
    # Decoding first is sound here: no triplet of an accepted path decodes to a slash.
    segments = tuple(text.split("/")[1:])
    if "" in segments[:-1]:
        raise TargetRefused("empty_segment")
    if "." in segments or ".." in segments:
        raise TargetRefused("dot_segment")
    return segments


def _complaint(path: bytes) -> str:
    if not path.startswith(b"/"):
        return "not_origin_form"  # CONNECT's authority-form, the asterisk, the absolute-form
    if b"#" in path:
        return "fragment"
    if b";" in path:
        return "parameter"
    return "bad_percent" if _BAD_PERCENT.search(path) else "bad_byte"
