"""R45: the HTTP library's own answers and log lines carry no byte of a request."""

import logging

import pytest

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from tests.strategies.ambiguous import AMBIGUOUS, BAD_CHUNKS, CHUNKS, HOST, post
from tests.strategies.wire import ok, request, wire

MARK = b"Zx9QmSecretMark"
AUTH = b"Authorization: Bearer " + MARK


def marked(data: bytes) -> bytes:
    """A request with a secret in it: in its target, in a field, and behind it."""
    line, _, rest = data.partition(b"\r\n")
    return line.replace(b"/orders/a", b"/orders/a?" + MARK) + b"\r\n" + AUTH + b"\r\n" + rest + MARK


@pytest.mark.parametrize("case", AMBIGUOUS)
async def test_no_byte_of_a_bad_request_in_an_answer_or_a_log(case: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(marked(AMBIGUOUS[case]))
        answer = await client.answer()
        assert answer.fields("content-type") == [b"application/problem+json"]
        assert answer.fields("server") == []
        await client.gone()
        assert MARK not in answer.head + answer.body
    assert MARK.decode() not in caplog.text
    assert MARK.decode() not in repr(running.spine.records)


@pytest.mark.parametrize("case", BAD_CHUNKS)
async def test_no_byte_of_a_bad_body_in_an_answer_or_a_log(case: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(post(HOST, AUTH, CHUNKS))
        client.write(BAD_CHUNKS[case].replace(b"abc", b"f\r\n" + MARK), MARK)
        answer = await client.answer()
        await client.gone()
        assert MARK not in answer.head + answer.body
    assert MARK.decode() not in caplog.text
    assert MARK.decode() not in repr(running.spine.records)


class BoomError(Exception):
    """What a spine might raise, quoting what it was given."""


@pytest.mark.parametrize("where", ["begin", "start", "finished"])
async def test_an_exception_of_the_spines_is_500_without_detail(where: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with wire({"a": ok()}) as running:

        def boom(*given: object) -> None:
            raise BoomError(MARK.decode(), given)

        if where == "start":
            running.spine.decide = boom
        elif where == "begin":
            running.spine.begin = boom  # type: ignore[assignment,method-assign]
        else:
            finish = running.spine.finished

            def finished(record: Record) -> None:
                finish(record)
                boom(record)

            running.spine.finished = finished  # type: ignore[method-assign]
        client = await running.dial()
        client.write(request("GET", "a", AUTH.decode()))
        answer = await client.answer()
        assert answer.status == (200 if where == "finished" else 500)
        assert MARK not in answer.head + answer.body
        if where != "finished":
            assert answer.fields("connection") == [b"close"]
            await client.gone()
    assert "BoomError" in caplog.text, "the type is logged"
    assert MARK.decode() not in caplog.text


async def test_a_refusals_reason_stays_out_of_the_answer() -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied", reason=MARK.decode())

    async with wire({}, decide=refuse) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        answer = await client.answer()
        assert MARK not in answer.head + answer.body
        assert running.record().reason == MARK.decode()


@pytest.mark.parametrize("name", ["X-Bad\r\nSet-Cookie", "X Bad", ""])
async def test_a_refusal_whose_header_is_no_field_is_500(name: str) -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied", headers=[(name, "a")])

    async with wire({}, decide=refuse) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        answer = await client.answer()
        assert (answer.status, answer.fields("set-cookie")) == (500, [])
