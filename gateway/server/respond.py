"""A refusal as bytes: problem details (RFC 9457) that tell a code, a title and the request's id, and nothing else.

``schemas/problem.v1.json`` describes the body. Law of this file: no byte of a request is in an answer of ours (R40, R45).
"""

import re

from gateway.message.refusal import KINDS, Refusal
from gateway.upstream.answer_head import reason_phrase
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_REQUEST_ID = re.compile(r"[0-9A-Za-z_.-]{1,128}").fullmatch
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e]*").fullmatch


def _body_pieces(kind: str) -> tuple[bytes, bytes]:
    status, title = KINDS[kind]
    before = (
        f'{{"type":"urn:policylang:problem:{kind}","title":"{title}","status":{status},"code":"{kind}","request_id":"'
    )
    return before.encode("ascii"), b'"}\n'


def _head_pieces(kind: str) -> bytes:
    status = KINDS[kind][0]
    return b"HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n" % (
        status,
        reason_phrase(status),
    )


_BODIES = {kind: _body_pieces(kind) for kind in KINDS}
_HEADS = {kind: _head_pieces(kind) for kind in KINDS}


def respond(refusal: Refusal, request_id: str, date: bytes, wants: int) -> bytes:
    """The whole answer. ``date``: the Date line; ``wants``: bits of upstream.ports (NO_BODY, OLD_CLIENT, LAST).

    Raises ValueError for an id or a header that is no field value: it would be somebody else's header (R20).
    """
    if not _REQUEST_ID(request_id):
        raise ValueError("a request id is 1 to 128 letters, digits, dots, dashes and underscores")
    before, after = _BODIES[refusal.kind]
    body = before + request_id.encode("ascii") + after
    out = [
        _HEADS[refusal.kind],
        b"Content-Length: %d\r\nX-Request-Id: %s\r\n" % (len(body), request_id.encode("ascii")),
        date,
    ]
    for name, value in refusal.headers:
        if not _TOKEN(name) or not _FIELD_VALUE(value):
            raise ValueError("a refusal's header is no field")
        out.append(f"{name}: {value}\r\n".encode("ascii"))
    if wants & LAST:
        out.append(b"Connection: close\r\n\r\n")
    elif wants & OLD_CLIENT:
        out.append(b"Connection: keep-alive\r\n\r\n")
    else:
        out.append(b"\r\n")
    if not wants & NO_BODY:
        out.append(body)
    return b"".join(out)
