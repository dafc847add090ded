"""What the listener needs of the spine."""

from typing import Protocol

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal


class Spine(Protocol):
    """Decides requests. ``begin`` and ``finished`` embrace each request, whatever happens between them."""

    def begin(self, method: str) -> Record:
        """The record of a new request, with its id and the time. "UNKNOWN": no request could be read."""
        ...

    def start(self, request: Inbound, record: Record) -> Forward | Refusal | Parked[Forward | Refusal]:
        """Where the request goes, or why it does not, or what to wait for."""
        ...

    def finished(self, record: Record) -> None:
        """The answer is done, cut or abandoned. Called exactly once for each record of ``begin``."""
        ...
