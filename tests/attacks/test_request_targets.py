"""R5, R6, R37: targets in other forms, with fragments, parameters or empty segments, each have one documented answer: 400."""

import pytest

from tests.strategies.wire import ok, request, wire

TARGETS = {
    "authority": b"CONNECT api.example.com:443",
    "authority as a path": b"CONNECT /orders/a",
    "asterisk": b"OPTIONS *",
    "absolute": b"GET http://api.example.com/orders/a",
    "absolute to elsewhere": b"GET http://evil.example/orders/a",
    "absolute with another scheme": b"GET gopher://evil.example/",
    "like an authority": b"GET //evil.example/orders/a",
    "empty segment": b"GET /orders//a",
    "parameter": b"GET /orders;v=1/a",
    "encoded parameter": b"GET /orders%3Bv=1/a",
    "fragment": b"GET /orders/a#b",
    "fragment in the query": b"GET /orders/a?q#b",
    "encoded fragment": b"GET /orders/a%23b",
    "no slash": b"GET orders/a",
    "backslash": b"GET /orders\\a",
}


@pytest.mark.parametrize("case", TARGETS)
async def test_a_target_in_another_form_is_400_and_close(case: str) -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(TARGETS[case], b" HTTP/1.1\r\nHost: api.example.com\r\n\r\n", request("GET", "a"))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        await client.gone()
        assert client.data == b""
        assert running.upstream.requests == []


async def test_what_follows_a_connect_is_never_read_as_a_request() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n")
        assert (await client.answer()).status == 400
        client.write(request("GET", "a"))
        await client.gone()
        assert running.upstream.requests == []


async def test_what_follows_an_upgrade_to_http2_is_never_read_as_another_protocol() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(
            request(
                "GET", "a", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"
            )
        )
        answer = await client.answer()
        assert (answer.status, answer.fields("connection"), answer.fields("upgrade")) == (200, [b"close"], [])
        assert await client.read_to_end() == b""
        asked = running.upstream.requests[0].head.lower()
        assert not [mark for mark in (b"upgrade", b"http2-settings") if mark in asked]
