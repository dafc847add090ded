"""One request from its head to the end of its answer: framing, the spine, the upstream, and the record finished once.

Two ways lead through it: ``serve`` waits where there is something to wait for; ``serve_at_once`` does what needs no
waiting, and leaves the rest to ``serve``.
"""

import asyncio
import logging
from collections.abc import Callable

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked, settle
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.exchange_http import Exchange
from gateway.server.framing import HTTP10, Malformed, read_framing
from gateway.server.limits import WireLimits
from gateway.server.respond import respond
from gateway.server.spine import Spine
from gateway.upstream.body import Upload
from gateway.upstream.forward import Ended, choose, forward, forward_again, forward_at_once, forward_upload, may_repeat
from gateway.upstream.ports import LAST, Failure, Targets

LOG = logging.getLogger("gateway.wire")
NO_ID = "none"
UNREAD = "UNKNOWN"
RETRY = ("Retry-After", "1")

Answer = Forward | Refusal


class Service:
    """Serves exchanges. ``bodyless`` is what the HTTP library gives as the body of a request without one."""

    def __init__(
        self, spine: Spine, targets: Targets, limits: WireLimits, date: Callable[[], bytes], bodyless: object
    ) -> None:
        self._spine = spine
        self._targets = targets
        self._limits = limits
        self._date = date
        self._bodyless = bodyless

    def open(self, exchange: Exchange, peer_ip: str) -> Answer | Parked[Answer]:
        """Begin the record of a request and ask the spine; the exchange keeps what it says. A fault is a refusal."""
        try:
            exchange.record = self._spine.begin(exchange.head_read.method)
        except Exception as error:
            exchange.record = Record(NO_ID, 0, UNREAD)
            step: Answer | Parked[Answer] = _fault(error)
        else:
            try:
                step = self._judge(exchange, peer_ip)
            except Exception as error:
                step = _fault(error)
        exchange.step = step
        return step

    def serve_at_once(self, exchange: Exchange, peer_ip: str, ended: Ended) -> bool:
        """Serve a request without a body where nothing has to be waited for. ``close`` is to be called after ``ended``.

        False: ``serve`` goes on from here.
        """
        step = self.open(exchange, peer_ip)
        if isinstance(step, Parked):
            return False
        if isinstance(step, Refusal):
            self.refuse(exchange, step)
            ended(None)
            return True
        try:
            choice = exchange.choice = choose(self._targets, step)
            return forward_at_once(choice, step, exchange.framing.tail, exchange.wants, exchange, ended)
        except Exception as error:
            if exchange.line is not None:
                exchange.line.leave(exchange)
            self.refuse(exchange, _fault(error))
            ended(None)
            return True

    def refused_at_once(self, exchange: Exchange, failure: Failure) -> bool:
        """A request that was served at once has failed: refuse it. False: ``serve`` may send it once more."""
        line, exchange.line = exchange.line, None
        if line is not None and not exchange.begun:
            exchange.again = may_repeat(failure, line, exchange.head_read.method, exchange.framing.tail)
            if exchange.again:
                return False
        self.refuse(exchange, _refusal_of(failure))
        return True

    async def serve(self, exchange: Exchange, peer_ip: str) -> bool:
        """Serve one request; whether its connection may carry another. Raises CancelledError alone."""
        exchange.taken = True
        step = self.open(exchange, peer_ip) if exchange.step is None else exchange.step
        try:
            refusal = await self._follow(exchange, step)
            if refusal is not None:
                self.refuse(exchange, refusal)
            await exchange.flush()
        except asyncio.CancelledError:
            exchange.abandon()
            raise
        except Exception as error:
            self.refuse(exchange, _fault(error))
        finally:
            self.close(exchange)
        return exchange.keep

    def close(self, exchange: Exchange) -> None:
        """The exchange is over, however it went: its record is finished, once."""
        exchange.conclude()
        if exchange.record.request_id is not NO_ID:
            self._finish(exchange.record)

    def refuse(self, exchange: Exchange, refusal: Refusal) -> None:
        """Answer with a refusal; where that fails, with a fault; where that fails, not at all."""
        try:
            exchange.refuse(refusal, self._date())
        except Exception as error:
            fault = _fault(error)
            exchange.keep = False
            try:
                exchange.refuse(fault, self._date())
            except Exception as again:
                _log(again)
                exchange.cut()

    def refuse_unread(self, write: Callable[[bytes], None], reason: str) -> None:
        """Answer what could not be read as a request. ``reason`` is for the log and free of the request's bytes."""
        try:
            record = self._spine.begin(UNREAD)
        except Exception as error:
            _log(error)
            return
        refusal = Refusal("malformed", reason)
        record.kind, record.reason = refusal.kind, reason
        try:
            data = respond(refusal, record.request_id, self._date(), LAST)
            write(data)
            record.status, record.bytes_out = refusal.status, len(data)
        except Exception as error:
            _log(error)
        finally:
            self._finish(record)

    def _judge(self, exchange: Exchange, peer_ip: str) -> Answer | Parked[Answer]:
        head = exchange.head_read
        try:
            framing = exchange.framing = read_framing(head, exchange.payload is self._bodyless)
        except Malformed as complaint:
            return Refusal("malformed", str(complaint))
        if framing.length is not None and framing.length > self._limits.body_bytes:
            return Refusal("body_too_large", Failure.BODY_TOO_LARGE.reason)
        request = Inbound(
            head.method,
            head.path.encode("utf-8", "surrogateescape"),
            tuple(head.raw_headers),
            peer_ip,
            head.version == HTTP10,
            framing.has_body,
            head.chunked,
            exchange.record.request_id,
        )
        return self._spine.start(request, exchange.record)

    async def _follow(self, exchange: Exchange, step: Answer | Parked[Answer]) -> Refusal | None:
        """What the spine said, done; or why it cannot be."""
        answer = await settle(step) if isinstance(step, Parked) else step
        if isinstance(answer, Refusal):
            return answer
        framing = exchange.framing
        if exchange.again:
            failure = await forward_again(self._targets, answer, framing.tail, exchange.wants, exchange)
        elif framing.has_body:
            failure = await self._upload(exchange, answer)
        else:
            method, choice = exchange.head_read.method, exchange.choice or choose(self._targets, answer)
            failure = await forward(self._targets, choice, answer, method, framing.tail, exchange.wants, exchange)
        return None if failure is None else _refusal_of(failure)

    async def _upload(self, exchange: Exchange, order: Forward) -> Failure | None:
        framing = exchange.framing
        proceed = exchange.proceed if framing.expects else None
        upload = exchange.upload = Upload(exchange.payload, framing.length, self._limits.body_bytes, proceed)
        tail = upload.at_once()
        if tail is None:
            # A body that is slow to come takes nobody's place at the upstream.
            failure = exchange.doom or (Failure.BODY_BROKEN if exchange.body_broken else None)
            if failure is None:
                await upload.arrive(self._limits.buffer_bytes)
                failure = exchange.doom
            if failure is not None:
                return failure
            tail = upload.at_once()
        if isinstance(tail, Failure):
            return tail
        method = exchange.head_read.method
        if tail is not None:
            choice = choose(self._targets, order)
            return await forward(self._targets, choice, order, method, tail, exchange.wants, exchange)
        return await forward_upload(self._targets, order, upload, exchange.wants, exchange)

    def _finish(self, record: Record) -> None:
        try:
            self._spine.finished(record)
        except Exception as error:
            _log(error)


def _refusal_of(failure: Failure) -> Refusal:
    """A failure as an answer; what is only a matter of load says when to come again (RFC 9110 section 10.2.3)."""
    headers = [RETRY] if failure.kind == "overloaded" else []
    return Refusal(failure.kind, failure.reason, headers=headers)


def _fault(error: Exception) -> Refusal:
    """What the client is told of a fault of ours; the log gets its type and place."""
    _log(error)
    return Refusal("internal", type(error).__name__, close=True)


def _log(error: BaseException) -> None:
    """By type and place: an exception's text may hold bytes of the request (R45)."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = "nowhere" if at is None else f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}"
    LOG.error("a request failed with %s at %s", type(error).__name__, place)
