"""Whatever upstream and client do, in any combination: nothing leaks, each record is finished once, and no lie looks whole.

What leaks is looked for by ``wire`` itself when its block ends.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.limits import PoolLimits
from tests.strategies.wire import QUICK, Request, request, wire
from tests.strategies.wirepoint import Cut, Wirepoint

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
SOON = 20_000
SIZES = (0, 1, 100, 16_384, 16_385, 40_000)
HEAD = b"HTTP/1.1 200 OK\r\nX-A: 1\r\n"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What an upstream does with one request: how it frames a body, how much of that it sends, and how it ends."""

    framing: str
    size: int
    share: int
    piece: int
    ending: str
    extra: bytes

    @property
    def body(self) -> bytes:
        return b"b" * self.size

    @property
    def data(self) -> bytes:
        """The whole answer."""
        if self.framing == "length":
            return HEAD + b"Content-Length: %d\r\n\r\n" % self.size + self.body
        if self.framing == "chunks":
            chunk = b"%x\r\n%s\r\n" % (self.size, self.body) if self.size else b""
            return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n\r\n"
        return HEAD + b"\r\n" + self.body

    @property
    def sent(self) -> bytes:
        """What is sent of it."""
        data = self.data
        return data if self.share == 100 else data[: len(data) * self.share // 100]

    @property
    def complete(self) -> bool:
        """Whether what is sent can be taken for an answer, and the body it has then."""
        if self.framing == "end":
            return self.ending == "close" and b"\r\n\r\n" in self.sent
        return self.share == 100

    async def act(self, _: Request, point: Wirepoint) -> None:
        data = self.sent + (self.extra if self.share == 100 and self.framing != "end" else b"")
        for at in range(0, len(data), self.piece):
            if point.ended:
                return
            point.write(data[at : at + self.piece])
            await asyncio.sleep(0)
        if self.ending == "close":
            point.wire.close()
        elif self.ending == "reset":
            point.break_off()
        if self.ending != "keep":
            await point.gone()


behaviours = st.builds(
    Behaviour,
    framing=st.sampled_from(["length", "chunks", "end"]),
    size=st.sampled_from(SIZES),
    share=st.sampled_from([0, 1, 3, 50, 99, 100, 100, 100]),
    piece=st.sampled_from([7_000, 100_000]),
    ending=st.sampled_from(["keep", "close", "reset"]),
    extra=st.sampled_from([b"", b"", b"\r\n", b"GARBAGE", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL"]),
)
uploads = st.sampled_from([
    (("GET",), b""),
    (("POST", "Content-Length: 5"), b"hello"),
    (("POST", "Content-Length: 100"), b"hello"),
    (("POST", "Transfer-Encoding: chunked"), b"5\r\nhello\r\n0\r\n\r\n"),
    (("POST", "Transfer-Encoding: chunked"), b"5\r\nhello\r\n"),
    (("POST", "Transfer-Encoding: chunked"), b"5\r\nhello\r\nZ\r\n"),
    (("POST", "Expect: 100-continue", "Content-Length: 5"), b""),
])  # fmt: skip
clients = st.lists(
    st.tuples(
        uploads, st.sampled_from(["1.1", "1.0"]), st.sampled_from(["reads", "leaves", "leaves late", "half-closes"])
    ),
    min_size=1,
    max_size=3,
)


async def one_client(
    point: Wirepoint, head: tuple[str, ...], body: bytes, version: str, manner: str, said: Behaviour
) -> None:
    method, *lines = head
    point.write(request(method, "a", *lines, version=version, body=body))
    if manner == "leaves":
        point.abort()
        return
    if manner == "half-closes":
        point.wire.write_eof()
    if manner == "leaves late":
        await point.until(lambda: point.total > 0 or point.ended)
        point.abort()
        return
    try:
        answer = await point.answer()
        while answer.status == 100:
            point.write(b"hello")
            answer = await point.answer()
    except Cut:
        return
    if answer.status == 200:
        assert said.complete, "an answer that its upstream did not complete looks whole"
        assert said.body.startswith(answer.body) if said.framing == "end" else answer.body == said.body
    else:
        assert b'"request_id"' in answer.body, "what is no answer of the upstream's is a refusal of ours"


@pytest.mark.parametrize("loop", LOOPS)
@given(said=behaviours, comers=clients)
def test_nothing_leaks_and_no_lie_looks_whole(
    loop: str, said: Behaviour, comers: list[tuple[tuple[tuple[str, ...], bytes], str, str]]
) -> None:
    async def run() -> None:
        pool = PoolLimits(connections=2, sweep_seconds=0.01)
        limits = type(QUICK)(sweep_seconds=0.01, linger_seconds=0.05, body_seconds=0.03)
        async with wire({"a": said.act}, pool=pool, limits=limits, answer_micros=SOON, idle_micros=SOON) as running:
            points = [await running.dial() for _ in comers]
            async with asyncio.TaskGroup() as group:
                for point, ((head, body), version, manner) in zip(points, comers, strict=True):
                    group.create_task(one_client(point, head, body, version, manner, said))

    make: Callable[[], asyncio.AbstractEventLoop] = LOOPS[loop]
    with asyncio.Runner(loop_factory=make) as runner:
        runner.run(run())
