"""The gate of the admin API: one bearer credential (RFC 6750 section 2.1), compared in constant time.

Law of this file: without a credential in the settings nobody gets in, and no problem tells how near somebody was.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.admin.problems import Problem

REALM = 'Bearer realm="policylang admin"'


@dataclass(slots=True)
class Attempts:
    """How often somebody came to the gate, by what became of it."""

    accepted: int = 0
    missing: int = 0
    refused: int = 0
    unset: int = 0


class Gate:
    """``credential`` None: the settings have none."""

    def __init__(self, credential: bytes | None) -> None:
        self.attempts = Attempts()
        self._digest = None if credential is None else hashlib.sha256(credential).digest()

    def admit(self, values: Sequence[str]) -> None:
        """Let a request with these Authorization fields in, or raise Problem."""
        if self._digest is None:
            self.attempts.unset += 1
            raise Problem("credential_unset", "set admin.credential in the gateway's settings, and restart it")
        if not values:
            self.attempts.missing += 1
            raise Problem("credential_missing", headers=(("WWW-Authenticate", REALM),))
        scheme, _, given = values[0].partition(" ")
        # Digests have one length, so that the time tells nothing about that of the credential either.
        digest = hashlib.sha256(given.lstrip(" ").encode("utf-8", "surrogateescape")).digest()
        right = hmac.compare_digest(digest, self._digest)
        if not right or scheme.lower() != "bearer" or len(values) != 1:
            self.attempts.refused += 1
            raise Problem(
                "credential_refused", headers=(("WWW-Authenticate", f'{REALM}, error="invalid_token"'),)
            )  # RFC 6750 section 3.1
        self.attempts.accepted += 1
