"""What the listener talks to: begins a record, runs the spine, and closes the record when the answer is done."""

import os
from collections.abc import Callable
from functools import partial

from gateway.message.inbound import Inbound
from gateway.message.parked import Parked, then
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.quota.holding import Returns
from gateway.server.decision_log import DecisionLog
from gateway.server.handle import Answer, Parts, handle
from gateway.server.stats import Stats
from gateway.usage.meter import Meter


class Conductor:
    """A Spine. Request ids are a random start and a count: unique for the process, and no clock or lock is asked."""

    def __init__(
        self, parts: Parts, clock: Callable[[], int], stats: Stats, log: DecisionLog | None, meter: Meter | None = None
    ) -> None:
        self._parts = parts
        self._returns = Returns(parts.limits)
        self._clock = clock
        self._stats = stats
        self._log = log
        self._meter = meter
        self._prefix = os.urandom(6).hex()
        self._count = 0

    def begin(self, method: str) -> Record:
        """A record for a request whose head has arrived."""
        self._count += 1
        self._stats.in_flight += 1
        return Record(f"{self._prefix}{self._count:012x}", self._clock(), method)

    def start(self, request: Inbound, record: Record) -> Answer | Parked[Answer]:
        """The answer to a request, or parked; the record says why."""
        answer = handle(self._parts, request, record)
        if isinstance(answer, Parked):
            return then(answer, partial(_noted, record))
        return _noted(record, answer)

    def finished(self, record: Record) -> None:
        """The answer is done, cut or abandoned: give back what it held, count it and log it."""
        if record.held:
            self._returns.finished(record)
        record.finished = self._clock()
        self._stats.in_flight -= 1
        self._stats.count(record)
        if self._log is not None:
            self._log.add(record)
        if self._meter is not None:
            self._meter.add(record)


def _noted(record: Record, answer: Answer) -> Answer:
    """The answer, with a refusal's reasons in the record."""
    if isinstance(answer, Refusal):
        record.kind = answer.kind
        record.reason = answer.reason
        if answer.rule >= 0:
            record.rule = answer.rule
    return answer
