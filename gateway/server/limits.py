"""The limits of the listener, with defaults that a public listener can live with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireLimits:
    """Sizes in bytes, times in seconds. A client beyond ``connections`` is turned away without an answer.

    Heads: ``head_seconds``: a head that has begun is complete by then, counted from the end of the answer before it.
    ``keepalive_seconds``: the next head is complete by then, from the connection's begin or the end of an answer.

    Bodies: ``body_seconds``: between pieces. ``body_rate``: bytes a second that come at the least, in each
    ``body_seconds`` in which the client was the one to send; 0 for any. ``framing_bytes``: what the framing of a chunked
    body may weigh beyond the body itself. ``buffer_bytes``: held before the client is held back; so much of a body, all of
    it, or what came in ``gather_seconds`` is there before an upstream's connection is taken. ``linger_seconds``: how long
    the rest of a refused body is awaited, so that the client can read the answer.

    Answers: ``stall_seconds``: the client takes nothing. ``half_closed_seconds``: nothing comes of the answer for a client
    that has ended its side, and so waits for it or has left; 0 believes that it left.

    The listener looks at its clocks every ``sweep_seconds``: time-outs strike late by up to two of them.
    """

    head_bytes: int = 64 * 1024
    line_bytes: int = 8190
    field_bytes: int = 8190
    fields: int = 100
    body_bytes: int = 100 * 1024 * 1024
    connections: int = 8192
    backlog: int = 1024
    buffer_bytes: int = 64 * 1024
    framing_bytes: int = 64 * 1024
    body_rate: int = 500
    head_seconds: float = 10.0
    keepalive_seconds: float = 75.0
    body_seconds: float = 30.0
    gather_seconds: float = 1.0
    stall_seconds: float = 30.0
    half_closed_seconds: float = 5.0
    linger_seconds: float = 2.0
    handshake_seconds: float = 10.0
    sweep_seconds: float = 1.0
