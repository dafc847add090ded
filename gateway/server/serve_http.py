"""One request from its head to the end of its answer: framing, the spine, the upstream, and the record finished once."""

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
from gateway.upstream.forward import forward, forward_upload
from gateway.upstream.ports import LAST, Failure, Targets

LOG = logging.getLogger("gateway.wire")
NO_ID = "none"
UNREAD = "UNKNOWN"


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

    async def serve(self, exchange: Exchange, peer_ip: str) -> bool:
        """Serve one request; whether its connection may carry another. Raises CancelledError alone."""
        try:
            record = exchange.record = self._spine.begin(exchange.head_read.method)
        except Exception as error:
            _log(error)
            exchange.record = Record(NO_ID, 0, UNREAD)
            self._fault(exchange, error)
            exchange.conclude()
            return False
        try:
            refusal = await self._decide(exchange, peer_ip)
            if refusal is not None:
                exchange.refuse(refusal, self._date())
            await exchange.flush()
        except asyncio.CancelledError:
            record.cut = True
            record.kind = record.kind or "abandoned"
            raise
        except Exception as error:
            _log(error)
            self._fault(exchange, error)
        finally:
            exchange.conclude()
            self._finish(record)
        return exchange.keep

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

    async def _decide(self, exchange: Exchange, peer_ip: str) -> Refusal | None:
        head, record = exchange.head_read, exchange.record
        bodyless = exchange.payload is self._bodyless
        try:
            framing = exchange.framing = read_framing(head, bodyless)
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
            record.request_id,
        )
        step = self._spine.start(request, record)
        answer = await settle(step) if isinstance(step, Parked) else step
        if isinstance(answer, Refusal):
            return answer
        if not framing.has_body:
            failure = await forward(self._targets, answer, head.method, framing.tail, exchange.wants, exchange)
        else:
            failure = await self._upload(exchange, answer)
        return None if failure is None else Refusal(failure.kind, failure.reason)

    async def _upload(self, exchange: Exchange, order: Forward) -> Failure | None:
        framing = exchange.framing
        if framing is None:
            raise RuntimeError("the framing is read before a body is sent")
        proceed = exchange.proceed if framing.expects else None
        upload = exchange.upload = Upload(exchange.payload, framing.length, self._limits.body_bytes, proceed)
        tail = upload.at_once()
        if isinstance(tail, Failure):
            return tail
        method = exchange.head_read.method
        if tail is not None:
            return await forward(self._targets, order, method, tail, exchange.wants, exchange)
        if exchange.body_broken:
            return Failure.BODY_BROKEN
        return await forward_upload(self._targets, order, upload, exchange.wants, exchange)

    def _fault(self, exchange: Exchange, error: Exception) -> None:
        exchange.keep = False
        try:
            exchange.refuse(Refusal("internal", type(error).__name__, close=True), self._date())
        except Exception as again:
            _log(again)
            exchange.cut()

    def _finish(self, record: Record) -> None:
        try:
            self._spine.finished(record)
        except Exception as error:
            _log(error)


def _log(error: BaseException) -> None:
    """By type and place: an exception's text may hold bytes of the request (R45)."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = "nowhere" if at is None else f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}"
    LOG.error("a request failed with %s at %s", type(error).__name__, place)
