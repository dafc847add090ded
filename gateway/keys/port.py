"""What authentication asks of keys and revocations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE, Outage


@dataclass(frozen=True, slots=True)
class AccessKey:
    """``claims``: facts given with the key, for opaque ones. ``digest``: of the opaque secret, empty where it has none.
    ``jwk``: what verifies JWTs that name the key, public or derived; None where it has none. ``expires`` in microseconds;
    0 never. ``issued``: microseconds since 1970 when the credential was made, anew with each rotation.
    """

    keyring: str
    kid: str
    version: int
    digest: bytes = field(repr=False)
    jwk: Mapping[str, Any] | None = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)
    expires: int
    disabled: bool
    issued: int = 0


class AccessKeys(Protocol):
    """Keys by keyring and id. A key that is expired, deleted or unknown is None; a disabled one says so itself."""

    def find(
        self, keyring: str, kid: str, now: int, /
    ) -> "AccessKey | Outage | Parked[AccessKey | Outage | None] | None":
        """The key as it stands; parked while the store is asked."""
        ...

    def changed_since(self, keyring: str, kid: str, epoch: int, /) -> bool:
        """May the key be another than it was in that epoch? False needs no look at the key: it is what it was."""
        ...


class Revocations(Protocol):
    """Whether a token that verifies was taken back. Answers from memory alone."""

    def revoked(
        self, issuer: str, identity: bytes, jti: bytes | None, issued: int | None, now: int, /
    ) -> bool | Outage:
        """``issued``: the token's iat in seconds; a token without one counts as issued before any instant.

        ``jti`` is ``names.jti_digest`` of the token's. An Outage: the list has not been confirmed for longer than it may be
        believed, or what it says of this very token is being asked for.
        """
        ...


class Epochs(Protocol):
    """The integer that everything cached was checked against; whatever is of an older epoch looks again at its next use."""

    value: int

    def bump(self) -> None:
        """Begin another epoch."""
        ...


class Vouches(Protocol):
    """The feed, as far as keys and revocations need it."""

    @property
    def live(self) -> bool:
        """Whether what was told may be believed now."""
        ...


class NoAccessKeys:
    """Where no store keeps keys: none can be had, which is not to say that there are none."""

    def find(self, _keyring: str, _kid: str, _now: int, /) -> Outage:
        """An outage, always."""
        return OUTAGE

    def changed_since(self, _keyring: str, _kid: str, _epoch: int, /) -> bool:
        """Nothing is known, so anything may have changed."""
        return True


class NoRevocations:
    """Where no store keeps revocations: nothing is taken back."""

    def revoked(
        self, _issuer: str, _identity: bytes, _jti: bytes | None, _issued: int | None, _now: int, /
    ) -> bool | Outage:
        """False, always."""
        return False
