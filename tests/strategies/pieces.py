"""A request's body as a test plays it."""


class Pieces:
    """A source with everything there from the begin, or piece by piece."""

    def __init__(self, *pieces: bytes, eof: bool = False) -> None:
        self.pieces = list(pieces)
        self.eof = eof
        self.waits: list[bool] = []
        self.total_bytes = sum(map(len, pieces)) if eof else 0

    def is_eof(self) -> bool:
        return self.eof

    def read_nowait(self, n: int = -1) -> bytes:
        return b"".join(self.pieces)

    async def readany(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""
