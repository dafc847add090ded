"""What the parts of the upstream side say to each other.

Law of this file: no sockets, no parser; what decides (forward) knows the parts that do I/O by these names alone.
"""

from enum import Enum
from typing import Protocol

from gateway.message.forward import Forward

# What the client's side wants of an answer: bits of one integer, since every request carries them.
NO_BODY = 1
"""The request was HEAD: the answer tells its length and has no body."""
OLD_CLIENT = 2
"""The client speaks HTTP/1.0: nothing is chunked for it, and keep-alive is said aloud (RFC 9112 section 9.3)."""
LAST = 4
"""The client's connection ends with this answer."""
UPLOAD = 8
"""A request body follows; until it is sent whole the line is never used again."""


class Failure(Enum):
    """Why there is no whole answer: (kind of refusal, words for the log)."""

    UNREACHABLE = ("upstream_unreachable", "the connection was refused or the name does not resolve")
    UNTRUSTED = ("upstream_unreachable", "the TLS handshake failed")
    CONNECT_LATE = ("upstream_timeout", "connecting took too long")
    SATURATED = ("overloaded", "every connection to the upstream is in use")
    CLOSED_UNANSWERED = ("upstream_broken", "the upstream closed the connection without an answer")
    BROKEN = ("upstream_broken", "the upstream's answer is not valid HTTP or ended early")
    ANSWER_LATE = ("upstream_timeout", "no answer began in time")
    IDLE_LATE = ("upstream_timeout", "the answer stopped on its way")
    BODY_BROKEN = ("malformed", "the request's body is not framed as its head says")
    BODY_TOO_LARGE = ("body_too_large", "the request's body grew beyond the limit")
    BODY_LATE = ("request_timeout", "the request's body came too slowly")
    BODY_OUTWEIGHED = ("body_too_large", "the framing of the request's body outweighs it")
    UPLOADS = ("overloaded", "too many requests to the upstream whose bodies are on their way")
    SHUT_DOWN = ("overloaded", "the gateway is shutting down")

    @property
    def kind(self) -> str:
        """The kind of refusal, a key of refusal.KINDS."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """Words for the decision log."""
        return self.value[1]


class Sink(Protocol):
    """Takes one answer, called from the event loop: ``head``, any number of ``body``, then ``whole``; or ``failed`` at any point.

    Each is called with bytes ready for the client's connection. After ``whole`` or ``failed`` nothing more is called.
    """

    def head(self, status: int, data: bytes, last: bool) -> None:
        """Status, head and whatever of the body came with it. ``last``: the head says that the connection closes."""
        ...

    def body(self, data: bytes) -> None:
        """More bytes of the answer."""
        ...

    def whole(self) -> None:
        """The answer is complete."""
        ...

    def failed(self, failure: Failure) -> None:
        """No whole answer will come."""
        ...


class Line(Protocol):
    """One connection to an upstream, serving one exchange at a time."""

    @property
    def reused(self) -> bool:
        """Whether an exchange went over this line before the present one."""
        ...

    def send(self, data: bytes, order: Forward, wants: int, sink: Sink) -> None:
        """Begin an exchange with a request head (and a body that is whole already)."""
        ...

    def send_body(self, data: bytes) -> None:
        """Bytes of an upload, framed for the wire."""
        ...

    async def drained(self) -> None:
        """Wait until the upstream takes more of the upload."""
        ...

    def sent(self) -> None:
        """The upload is complete."""
        ...

    def pause(self) -> None:
        """Take no more of the answer for now: the client is full."""
        ...

    def resume(self) -> None:
        """Take more of the answer."""
        ...

    def leave(self, sink: Sink) -> None:
        """Give up this sink's exchange, if it is still going on: the line is closed, the sink is not called again."""
        ...


class Lines(Protocol):
    """The lines to one target."""

    def take(self) -> Line | None:
        """An idle line, at once."""
        ...

    async def open(self, seconds: float) -> Line | Failure:
        """A new line, or one that gets free; waiting at most ``seconds``."""
        ...

    def begin_upload(self) -> bool:
        """Whether one more body may be on its way; where it may, ``end_upload`` is called once."""
        ...

    def end_upload(self) -> None:
        """A body is on its way no more."""
        ...


class Targets(Protocol):
    """The lines to every target, and which of an order's targets is next."""

    def choose(self, targets: tuple[str, ...], avoid: frozenset[str]) -> tuple[str, Lines]:
        """The next target in turn that is not to be avoided; targets that could not be reached lately come last."""
        ...
