"""A question put to a rule set without a network: what the simulation, the oracle and the tests share, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. ``now`` in microseconds since 1970. ``target`` and ``headers`` as they would stand on the wire.

    ``payload`` is the JSON text of a token whose signature counts as verified; None: no credential was sent. With
    ``keyring`` it is that of the claims kept with an access key of this keyring, which counts as found. ``token`` is
    a whole token in its place, in compact form, for the simulation alone: its header is read too, as a gateway reads it.
    ``metadata`` is the identity's stored JSON object (None: the store is down; empty: no entry).
    ``headers`` leave out Host and the credential.
    """

    now: int
    method: str
    target: str
    host: str = "gateway.test"
    headers: tuple[tuple[str, str], ...] = ()
    payload: bytes | None = None
    keyring: str | None = None
    token: bytes | None = None
    metadata: Mapping[str, Any] | None = field(default_factory=dict)
    peer_ip: str = "127.0.0.1"
    client_ip: str = "127.0.0.1"
    identity_key: bytes = b"\0" * 32
    secrets: Mapping[str, str] = field(default_factory=dict)
