"""Why the head of a request is refused: a stable reason, and nothing that the client sent."""


class RequestRefused(Exception):
    """The request is malformed: 400. ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TargetRefused(RequestRefused):
    """A request target that has no single meaning."""


class HostRefused(RequestRefused):
    """A Host that is no host, or not exactly one."""


class HeaderRefused(RequestRefused):
    """A header field that cannot be understood."""
