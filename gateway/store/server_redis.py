"""One Redis server: what is asked of it in one turn of the event loop goes in one pipeline; few pipelines are in flight.

Law of this file: a call is written once, and once more only when the server answered that it does not know the script.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis import exceptions as errors

from gateway.store.breaker import Breaker
from gateway.store.connect_redis import AnyConnection, connect
from gateway.store.faults_redis import fault_of
from gateway.store.link import Script, StoreFault

LANES = 4
LONGEST_PIPELINE = 256
MOST_WAITING = 20_000
_PROBE = ("EVAL", "return 1", 0)


@dataclass(slots=True, eq=False)
class Call:
    """A script for one shard. ``sent``: it may have reached the ``server`` that has the call now. ``followed``: it was
    redirected already."""

    script: Script
    shard: int
    keys: Sequence[bytes]
    args: Sequence[bytes]
    reply: "asyncio.Future[Any]"
    sent: bool = False
    asking: bool = False
    followed: bool = False
    server: "ServerRedis | None" = None

    def fail(self, reason: str) -> None:
        """Settle without a reply."""
        if not self.reply.done():
            self.reply.set_exception(StoreFault(reason, "perhaps" if self.sent else "not"))

    def words(self, *, known: bool) -> tuple[Any, ...]:
        """The command: by digest where the script is ``known`` to be known."""
        name = ("EVALSHA", self.script.sha) if known else ("EVAL", self.script.text)
        return (*name, len(self.keys), *self.keys, *self.args)


@dataclass(slots=True)
class Listener:
    """Whom a server tells: of redirected calls, and of answers that put its place in doubt."""

    redirected: Callable[[Call, errors.AskError], None]
    doubted: Callable[[], None]


@dataclass(slots=True)
class _Turn:
    calls: list[Call] = field(default_factory=list)


class ServerRedis:
    """Calls to one server, over at most LANES connections. ``timeout`` in seconds is for each call."""

    def __init__(self, make: Callable[[], AnyConnection], timeout: float, listener: Listener) -> None:
        self.breaker = Breaker()
        self._make = make
        self._timeout = timeout
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._turn: _Turn | None = None
        self._waiting: deque[Call] = deque()
        self._idle: list[AnyConnection] = [make() for _ in range(LANES)]
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def submit(self, call: Call) -> None:
        """Take a call; its reply is settled within the time limit."""
        call.server = self
        if self._closed:
            call.fail("closed")
        elif self.breaker.state != "closed":
            call.fail("open")
        elif len(self._waiting) >= MOST_WAITING:
            call.fail("crowded")
        elif self._turn is None:
            self._turn = _Turn([call])
            self._loop.call_soon(self._end_turn)
        else:
            self._turn.calls.append(call)

    async def close(self) -> None:
        """Fail what has no reply, and close the connections."""
        self._closed = True
        self._fail_waiting("closed")
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._fail_waiting("closed")
        for connection in self._idle:
            await connection.disconnect(nowait=True)

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is None:
            return
        self._waiting.extend(turn.calls)
        self._loop.call_later(self._timeout, _expire, turn.calls)
        self._pump()

    def _pump(self) -> None:
        while self._waiting and self._idle and self.breaker.state == "closed" and not self._closed:
            batch: list[Call] = []
            while self._waiting and len(batch) < LONGEST_PIPELINE:
                call = self._waiting.popleft()
                if not call.reply.done():
                    batch.append(call)
            if batch:
                self._spawn(self._exchange(self._idle.pop(), batch))

    def _spawn(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _exchange(self, connection: AnyConnection, batch: list[Call]) -> None:
        reason = "closed"
        try:
            async with asyncio.timeout(self._timeout):
                if not connection.is_connected:
                    await connect(connection)
                unknown = await self._pipeline(connection, batch, known=True)
                if unknown:
                    await self._pipeline(connection, unknown, known=False)
            self.breaker.succeeded()
        except TimeoutError:
            reason = "timeout"
            await self._failed(connection)
        except errors.AuthenticationError:
            reason = "credential"
            await self._failed(connection)
        except (errors.RedisError, OSError) as error:
            reason = "loading" if isinstance(error, errors.BusyLoadingError) else "connection"
            await self._failed(connection)
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        finally:
            for call in batch:
                if call.server is self:
                    call.fail(reason)
            self._idle.append(connection)
            self._pump()

    async def _pipeline(self, connection: AnyConnection, batch: list[Call], *, known: bool) -> list[Call]:
        """Write the calls, read their replies; those that the server does not know the script of come back."""
        commands: list[tuple[Any, ...]] = []
        texts: set[str] = set()
        for call in batch:
            if call.asking:
                commands.append(("ASKING",))
            commands.append(call.words(known=known or call.script.name in texts))
            texts.add(call.script.name)
            call.sent = True
        await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
        unknown: list[Call] = []
        for call in batch:
            try:
                if call.asking:
                    await connection.read_response()
                reply = await connection.read_response()
            except errors.NoScriptError as error:
                call.sent = False
                if known:
                    unknown.append(call)
                elif not call.reply.done():
                    call.reply.set_exception(fault_of(error))
            except errors.ResponseError as error:
                self._refused(call, error)
            else:
                if not call.reply.done():
                    call.reply.set_result(reply)
        return unknown

    def _refused(self, call: Call, error: errors.ResponseError) -> None:
        fault = fault_of(error)
        if isinstance(error, errors.AskError) and not call.followed:
            call.sent, call.followed = False, True
            self._listener.redirected(call, error)
            return
        if fault.reason in {"moved", "readonly", "down"}:
            self._listener.doubted()
        if not call.reply.done():
            call.reply.set_exception(fault)

    async def _failed(self, connection: AnyConnection) -> None:
        await connection.disconnect(nowait=True)
        self.breaker.failed(self._loop.time())
        self._listener.doubted()
        if self.breaker.state == "open" and not self._closed:
            self._fail_waiting("open")
            self._spawn(self._recover())

    async def _recover(self) -> None:
        """Probe until the server answers. A script, as a server that pauses writes answers PING."""
        for connection in self._idle:
            await connection.disconnect(nowait=True)
        while self.breaker.state != "closed":
            await asyncio.sleep(self.breaker.wait(self._loop.time()))
            if not self.breaker.probe(self._loop.time()):
                continue
            connection = self._make()
            try:
                async with asyncio.timeout(self._timeout):
                    await connect(connection)
                    await connection.send_command(*_PROBE, check_health=False)
                    await connection.read_response()
                self.breaker.succeeded()
            except (errors.RedisError, OSError):
                self.breaker.failed(self._loop.time())
                self._listener.doubted()
            finally:
                await connection.disconnect(nowait=True)

    def _fail_waiting(self, reason: str) -> None:
        turn, self._turn = self._turn, None
        for call in (*self._waiting, *(turn.calls if turn is not None else ())):
            call.fail(reason)
        self._waiting.clear()


def _expire(calls: list[Call]) -> None:
    for call in calls:
        call.fail("timeout")
