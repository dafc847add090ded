"""Another prefix for the path that travels upstream: whole segments go, others come, the rest keeps its bytes."""

from dataclasses import dataclass
from urllib.parse import quote

from policylang.request.target import Target

_SEGMENT_SAFE = "!$&'()*+,=:@~"


@dataclass(frozen=True, slots=True)
class PrefixChange:
    """``strip``: decoded segments that the path begins with. ``add``: raw bytes that come before what is left."""

    strip: tuple[str, ...]
    add: bytes


def prefix_change(strip: str, add: str) -> PrefixChange | None:
    """The change for a route, from prefixes in decoded text such as ``/v1`` (``""``: none); None: the path stays.

    Raises ValueError for a prefix that is no run of whole segments: it begins with ``/``, does not end with it, and
    has no segment that is empty, ``.`` or ``..``.
    """
    for prefix in (strip, add):
        if prefix and (prefix[0] != "/" or not {"", ".", ".."}.isdisjoint(prefix[1:].split("/"))):
            raise ValueError("a prefix is whole segments: /a or /a/b")
    if not strip and not add:
        return None
    encoded = "/".join(quote(segment, safe=_SEGMENT_SAFE) for segment in add.split("/"))
    return PrefixChange(tuple(strip[1:].split("/")) if strip else (), encoded.encode("ascii"))


def change_prefix(target: Target, change: PrefixChange) -> bytes:
    """The path upstream. ValueError where the target does not begin with the segments to strip.

    ``/v1`` and ``/v1/`` without ``/v1`` are both ``/``; with ``/api`` added they are ``/api`` and ``/api/``.
    """
    count = len(change.strip)
    if target.segments[:count] != change.strip:
        raise ValueError("the path does not begin with the prefix")
    # Every segment has its own slash before it, so the raw path splits where the decoded one does.
    rest = target.path.split(b"/", count + 1)[count + 1 :] if count else [target.path[1:]]
    return (change.add + b"/" + rest[0] if rest else change.add) or b"/"
