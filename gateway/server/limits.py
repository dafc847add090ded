"""The limits of the listener, with defaults that a public listener can live with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireLimits:
    """Sizes in bytes, times in seconds. A client beyond ``connections`` is turned away without an answer.

    ``head_seconds``: a head that has begun is complete by then. ``keepalive_seconds``: the next head is complete by then, from
    the connection's begin or the end of an answer. ``body_seconds``: between pieces of a request's body. ``stall_seconds``: the
    client takes nothing of its answer. ``linger_seconds``: how long the rest of a refused body is read, so that the client
    can read the answer. ``buffer_bytes``: of a request's body, before the client is held back. The listener looks at its
    clocks every ``sweep_seconds``: time-outs strike late by up to two of them.
    """

    head_bytes: int = 64 * 1024
    line_bytes: int = 8190
    field_bytes: int = 8190
    fields: int = 100
    body_bytes: int = 100 * 1024 * 1024
    connections: int = 8192
    backlog: int = 1024
    buffer_bytes: int = 64 * 1024
    head_seconds: float = 10.0
    keepalive_seconds: float = 75.0
    body_seconds: float = 30.0
    stall_seconds: float = 30.0
    linger_seconds: float = 2.0
    handshake_seconds: float = 10.0
    sweep_seconds: float = 1.0
