"""R44: a trailer never becomes a header, of its own message or of the next on the connection; in one segment and in several."""

import pytest

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from tests.strategies.wire import ok, request, wire

EVIL = b"0\r\nX-User: admin\r\nAuthorization: Bearer evil\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nSet-Cookie: evil\r\n\r\n"


def heads(inbounds: list[Inbound]) -> bytes:
    """Everything that the spine saw of fields."""
    return b"\n".join(name + b":" + value for inbound in inbounds for name, value in inbound.headers).lower()


@pytest.mark.parametrize("pieces", [1, 2, 3])
@pytest.mark.parametrize("refused", [False, True])
async def test_a_trailer_heads_no_other_request(pieces: int, refused: bool) -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal | None:
        return Refusal("denied") if refused else None

    async with wire({"a": ok()}, decide=refuse) as running:
        client = await running.dial()
        parts = [request("POST", "a", "Transfer-Encoding: chunked"), b"3\r\nabc\r\n" + EVIL, request("GET", "a")]
        if pieces == 1:
            client.write(*parts)
        elif pieces == 2:
            client.write(*parts[:2])
            client.write(parts[2])
        else:
            for part in parts:
                client.write(part)
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (403 if refused else 200, [b"close"])
        await client.gone()
        assert client.data == b"", "the connection ends with its first chunked request"
        seen = heads(running.spine.inbounds)
        assert len(running.spine.inbounds) == 1
        assert b"x-user" not in seen
        assert b"evil" not in seen
        sent = b"".join(asked.head for asked in running.upstream.requests).lower()
        assert b"x-user" not in sent


async def test_an_upstreams_trailer_is_in_no_answer() -> None:
    async with wire({"chunks": ANSWER, "plain": ok(b"hello")}) as running:
        client = await running.dial()
        for case in ("chunks", "plain", "chunks", "plain"):
            client.write(request("GET", case))
            answer = await client.answer()
            assert b"evil" not in answer.head + answer.body
        assert len(running.upstream.lines) == 1, "on one connection"
