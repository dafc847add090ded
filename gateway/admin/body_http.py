"""Reads a request's body: bounded, of the operation's media type, strict I-JSON, and as the document has it."""

from typing import Any

from aiohttp import hdrs, web

from gateway.admin.document import Body
from gateway.admin.problems import Problem, refuse
from policylang.embed import NON_INTEGER, JsonRefused, read_ijson

MAX_BYTES = 128 * 1024

_REASONS = {
    "not_utf8": "it is not UTF-8",
    "bom": "it begins with a byte order mark",
    "too_deep": "it is nested too deeply",
    "not_json": "it is not JSON",
    "duplicate_member": "a name stands twice in one object",
    "not_a_number": "NaN and Infinity are no JSON",
    "surrogate": "there is half a character in it",
    "noncharacter": "there is a noncharacter of Unicode in it",
    "too_many_items": "it has too many members and items",
}


async def read_body(request: web.Request, wanted: Body | None) -> Any:
    """The body as JSON values; None where the operation has none. Raises Problem."""
    if wanted is None:
        if request.can_read_body:
            raise Problem("body_unexpected")
        return None
    _check_media(request, wanted.media)
    try:
        value = read_ijson(await _bytes(request), MAX_BYTES)
    except JsonRefused as refused:
        raise Problem("body_malformed", _REASONS[refused.reason]) from None
    if _has_fraction(value):
        # To JSON Schema 1.0 is an integer: it may fit the document, and a record could still not write it back.
        refuse("", "there is a number in it that is not written as an integer of 64 bits")
    troubles = wanted.schema.troubles(value)
    if troubles:
        raise Problem("body_invalid", errors=troubles)
    return value


def _check_media(request: web.Request, media: str) -> None:
    types = request.headers.getall(hdrs.CONTENT_TYPE, [])
    if len(types) != 1 or types[0].partition(";")[0].strip().lower() != media:
        accept = (("Accept-Patch", media),) if request.method == hdrs.METH_PATCH else ()  # RFC 5789 section 3.1
        raise Problem("media_type", f"Content-Type has to be {media}", headers=accept)
    if hdrs.CONTENT_ENCODING in request.headers:
        raise Problem("media_type", "send it without a Content-Encoding")


async def _bytes(request: web.Request) -> bytes:
    if (request.content_length or 0) > MAX_BYTES:
        raise Problem("body_too_large", f"{MAX_BYTES} bytes at the most")
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > MAX_BYTES:
            raise Problem("body_too_large", f"{MAX_BYTES} bytes at the most")
    return bytes(data)


def _has_fraction(value: object) -> bool:
    todo = [value]
    while todo:
        node = todo.pop()
        if node is NON_INTEGER:
            return True
        if isinstance(node, dict):
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
    return False
