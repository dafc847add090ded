"""One server: pipelines of a turn, time limits, unknown scripts, the breaker and its recovery."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis import exceptions as errors

from gateway.store.connect_redis import Access, connection_to
from gateway.store.link import Script, StoreFault
from gateway.store.server_redis import Call, Listener, ServerRedis
from tests.servers.process import StoreProcess
from tests.servers.proxy import proxy

ECHO = Script("echo", "return {KEYS[1], ARGV[1]}")
COUNT = Script("count", "return redis.call('INCR', KEYS[1])")
BROKEN = Script("broken", "redis.call('INCR', KEYS[1]) error('no')")


@asynccontextmanager
async def server_at(port: int, timeout: float = 2.0) -> AsyncIterator[ServerRedis]:
    moved: list[errors.AskError] = []
    listener = Listener(lambda call, error: moved.append(error), lambda: None)
    server = ServerRedis(lambda: connection_to(("127.0.0.1", port), Access(), timeout), timeout, listener)
    try:
        yield server
    finally:
        await server.close()


def send(server: ServerRedis, script: Script, key: bytes, *args: bytes) -> "asyncio.Future[Any]":
    call = Call(script, 0, (key,), args, asyncio.get_running_loop().create_future())
    server.submit(call)
    return call.reply


async def fault(reply: "asyncio.Future[Any]") -> tuple[str, str]:
    with pytest.raises(StoreFault) as raised:
        await reply
    return raised.value.reason, raised.value.done


async def until_closed(server: ServerRedis) -> None:
    async with asyncio.timeout(10):
        while server.breaker.state != "closed":
            await asyncio.sleep(0.02)


async def test_replies_come_to_their_calls(valkey_server: StoreProcess, namespace: str) -> None:
    async with server_at(valkey_server.port) as server:
        replies = await asyncio.gather(*(send(server, ECHO, b"k", b"%d" % i) for i in range(1000)))
    assert replies == [[b"k", b"%d" % i] for i in range(1000)]


async def test_one_turn_is_one_pipeline(valkey_server: StoreProcess) -> None:
    async with proxy(valkey_server.port) as between, server_at(between.port) as server:
        await send(server, ECHO, b"k", b"warm")
        before = between.passed
        await asyncio.gather(*(send(server, ECHO, b"k", b"x") for _ in range(50)))
        assert between.passed == before + 1


async def test_only_an_unknown_script_is_sent_again(valkey_server: StoreProcess, namespace: str) -> None:
    async with server_at(valkey_server.port) as server:
        for round_ in range(3):
            valkey_server.ask("SCRIPT", "FLUSH")
            calls = [send(server, COUNT, namespace.encode()) for _ in range(5)]
            calls.append(send(server, ECHO, b"k", b"x"))
            replies = await asyncio.gather(*calls)
            assert replies == [*range(round_ * 5 + 1, round_ * 5 + 6), [b"k", b"x"]]


async def test_an_error_in_a_script_may_have_run(valkey_server: StoreProcess, namespace: str) -> None:
    async with server_at(valkey_server.port) as server:
        good, bad = send(server, ECHO, b"k", b"x"), send(server, BROKEN, namespace.encode())
        assert await fault(bad) == ("error", "perhaps")
        assert await good == [b"k", b"x"]
        assert server.breaker.state == "closed"


async def test_a_lost_reply_is_unknown_and_not_sent_again(valkey_server: StoreProcess, namespace: str) -> None:
    async with proxy(valkey_server.port) as between, server_at(between.port) as server:
        assert await send(server, COUNT, namespace.encode()) == 1
        between.fate = lambda number: None
        assert await fault(send(server, COUNT, namespace.encode())) == ("connection", "perhaps")
        between.fate = lambda number: 0.0
        assert await send(server, COUNT, namespace.encode()) == 3


async def test_a_silent_server_is_not_waited_for(namespace: str) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with listening, server_at(listening.sockets[0].getsockname()[1], 0.05) as server:
        assert await fault(send(server, ECHO, b"k", b"x")) == ("timeout", "perhaps")
        while server.breaker.state == "closed":
            await fault(send(server, ECHO, b"k", b"x"))
        assert server.breaker.opened == 1
        late = send(server, ECHO, b"k", b"x")
        assert late.done()
        assert await fault(late) == ("open", "not")
    with pytest.raises(StoreFault, match="closed"):
        await send(server, ECHO, b"k", b"x")


async def test_a_server_that_is_gone_and_comes_back(valkey_server: StoreProcess) -> None:
    async with proxy(valkey_server.port) as between:
        port = between.port
        async with server_at(port, 0.5) as server:
            assert await send(server, ECHO, b"k", b"x") == [b"k", b"x"]
            between.fate = lambda number: None
            while server.breaker.state == "closed":
                await fault(send(server, ECHO, b"k", b"x"))
            between.fate = lambda number: 0.0
            await until_closed(server)
            assert await send(server, ECHO, b"k", b"y") == [b"k", b"y"]


async def test_nobody_listens() -> None:
    listening = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    async with server_at(port) as server:
        assert await fault(send(server, ECHO, b"k", b"x")) == ("connection", "not")
