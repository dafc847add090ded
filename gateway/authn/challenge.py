"""What a 401 asks for: the Bearer challenge of RFC 6750 section 3."""

import re

_REALM = re.compile(r"[ !#-\[\]-~]*")  # RFC 9110 section 5.6.4, without what would need a backslash


class Challenge:
    """Header lines for refusals. ``realm`` is printable ASCII without quotes and backslashes; else ValueError.

    ``error`` is stated only where a token was sent: without one, a client has nothing to learn from it (section 3.1).
    """

    __slots__ = ("_plain",)

    def __init__(self, realm: str) -> None:
        if not _REALM.fullmatch(realm):
            raise ValueError("a realm is printable ASCII without quotes and backslashes")
        self._plain = f'Bearer realm="{realm}"'

    def missing(self) -> list[tuple[str, str]]:
        """For a request without a bearer token."""
        return [("WWW-Authenticate", self._plain)]

    def invalid(self) -> list[tuple[str, str]]:
        """For a token that was refused; why is the log's to say."""
        return [("WWW-Authenticate", f'{self._plain}, error="invalid_token"')]
