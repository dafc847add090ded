"""The Date line: made once a second, for refusals and for answers that came without one (RFC 9110 section 6.6.1)."""

from email.utils import formatdate

from gateway.message.ports import Clock

MICROS = 1_000_000


class DateLine:
    """Calling it gives ``Date: ...`` and CRLF."""

    __slots__ = ("_clock", "_line", "_second")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._second = -1
        self._line = b""

    def __call__(self) -> bytes:
        second = self._clock() // MICROS
        if second != self._second:
            self._second = second
            self._line = b"Date: %s\r\n" % formatdate(second, usegmt=True).encode("ascii")
        return self._line
