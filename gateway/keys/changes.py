"""What the acts on keys and revocations answer: the key as an administrator sees it, or why an act was not done.

Law of this file: no secret but in Created, which is shown once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gateway.keys.names import Subject
from gateway.keys.records import KeyRecord, RevocationRecord
from gateway.message.ports import Outage
from gateway.records.port import Conflict

Reason = Literal[
    "not_found",
    "keyring_unknown",
    "kind_not_of_keyring",
    "claims_invalid",
    "metadata_invalid",
    "expires_invalid",
    "jwk_refused",
    "too_large",
    "nothing_to_rotate",
    "subject_invalid",
    "before_invalid",
    "too_many_revocations",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """An act that was not done. ``member`` names what of the request is wrong, or is empty; never a value of it.

    ``detail`` is a stable word: which rule a JWK or a claim breaks.
    """

    reason: Reason
    member: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyView:
    """``version`` is what compare-and-set goes by. ``expires`` in microseconds; 0 never."""

    keyring: str
    kid: str
    version: int
    record: KeyRecord
    expires: int
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Created:
    """``secret``: the credential itself of an opaque key, the HMAC secret in base64url, or None for a public key."""

    key: KeyView
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyPage:
    """Keys by id; ``more``: there are others behind the last one. ``unreadable``: ids of records that cannot be read."""

    keys: tuple[KeyView, ...]
    more: bool
    last: str
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RevocationView:
    """``name`` is the record's, by which it is lifted."""

    name: str
    subject: Subject
    record: RevocationRecord
    version: int
    expires: int


@dataclass(frozen=True, slots=True)
class RevocationPage:
    revocations: tuple[RevocationView, ...]
    more: bool
    last: str
    unreadable: tuple[str, ...] = ()


Failed = Problem | Conflict | Outage
