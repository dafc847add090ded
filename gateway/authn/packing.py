"""Entries and facts of the token cache, and how an entry is packed into bytes while it sleeps.

Law of this file: what comes out is what went in, less what later steps derived from it; identity tokens that were minted
stay, because to sign them again would cost more than all the rest. Packed bytes never leave the process
and never come from outside it.
"""

import marshal
from dataclasses import dataclass

from gateway.message.principal import Principal

Fact = bytes
"""When a token ends, and the thumbprint of the key whose signature held."""

_VERSION = 2  # without the references of later versions: shorter for values that are all different


@dataclass(slots=True)
class Entry(Principal):
    """A principal and what it takes to trust it again: checked in ``epoch``, good for ``valid_from <= now < check_until``.

    ``valid_until`` is the token's own end, leeway included; ``check_until`` is at most that, and at most the instant up
    to which the keys may be believed. ``used``: since the hand last passed. ``issued`` (seconds) and ``jti`` (its digest)
    are what a revocation may name.
    """

    valid_from: int = 0
    valid_until: int = 0
    check_until: int = 0
    epoch: int = -1
    thumbprint: bytes = b""
    size: int = 0
    used: bool = False
    issued: int | None = None
    jti: bytes | None = None


class Packing:
    """Packs entries. Plans are kept by number: their digests would be a third of the bytes."""

    __slots__ = ("_numbers", "_plans")

    def __init__(self) -> None:
        self._plans: list[str] = []
        self._numbers: dict[str, int] = {}

    def pack(self, entry: Entry) -> bytes:
        """An entry as bytes; the instant at which it ends stands first."""
        number = self._numbers.get(entry.plan)
        if number is None:
            number = self._numbers[entry.plan] = len(self._plans)
            self._plans.append(entry.plan)
        return _instant(entry.valid_until) + marshal.dumps(
            (
                entry.issuer,
                entry.claims,
                entry.identity,
                entry.expires,
                number,
                entry.key,
                entry.valid_from,
                entry.check_until,
                entry.epoch,
                entry.thumbprint,
                entry.issued,
                entry.jti,
                entry.minted or None,
            ),
            _VERSION,
        )

    def unpack(self, packed: bytes) -> Entry:
        """The entry again, without cells."""
        (
            issuer,
            claims,
            identity,
            expires,
            number,
            key,
            valid_from,
            check_until,
            epoch,
            thumbprint,
            issued,
            jti,
            minted,
        ) = marshal.loads(memoryview(packed)[8:])  # noqa: S302 -- our own bytes, see the law
        return Entry(
            issuer,
            claims,
            identity,
            expires,
            self._plans[number],
            minted={} if minted is None else minted,
            key=key,
            valid_from=valid_from,
            valid_until=valid_until_of(packed),
            check_until=check_until,
            epoch=epoch,
            thumbprint=thumbprint,
            issued=issued,
            jti=jti,
        )


def fact_of(entry: Entry) -> Fact:
    """What is left of an entry when there is no room for more: that its signature held."""
    return _instant(entry.valid_until) + entry.thumbprint


def valid_until_of(packed: bytes) -> int:
    """When a packed entry or a fact ends."""
    return int.from_bytes(packed[:8], "big", signed=True)


def _instant(micros: int) -> bytes:
    return micros.to_bytes(8, "big", signed=True)
