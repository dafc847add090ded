"""Why bytes, a token or a stored object are refused: a stable reason, and the name of a declared member at most.

Law of this file: no error carries data of the token. A reason is a constant of this package.
"""


class JsonRefused(Exception):
    """Bytes that are not I-JSON within the limits. ``reason`` is one of the words in ``ijson``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TokenRefused(Exception):
    """A token that is not accepted. ``reason`` is a stable word; ``claim`` the name of a declared claim, or empty."""

    def __init__(self, reason: str, claim: str = "") -> None:
        super().__init__(f"{reason}: {claim}" if claim else reason)
        self.reason = reason
        self.claim = claim


class MetadataRefused(Exception):
    """A stored object that does not fit the metadata block. ``field`` is the declared name."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(f"{reason}: {field}")
        self.reason = reason
        self.field = field
