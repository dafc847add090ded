"""Access keys of the wire lane: what a case says of its credential, as the gateway's port for keys has it."""

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from gateway.keys.port import AccessKey
from gateway.keys.secrets import opaque_credential, secret_digest
from policylang.embed import plan_model
from policylang.runtime.ask import Ask
from tests.strategies.tokens import ec_key, sign

SECRET = b"s" * 32
SHARED = b"h" * 32
VERIFIER = "0123456789abcdef"
"""The key id of every key that verifies tokens."""


class Staged(Protocol):
    """The stage, as far as keys need it."""

    ask: Ask | None


class StagedKeys:
    """The key that the step at hand speaks of, and of each keyring one key that verifies tokens."""

    def __init__(self, stage: Staged, algorithms: Mapping[str, str]) -> None:
        self._stage = stage
        self._algorithms = algorithms

    def find(self, keyring: str, kid: str, now: int) -> AccessKey | None:
        """See AccessKeys."""
        del now
        ask = self._stage.ask
        if kid == VERIFIER and keyring in self._algorithms:
            return AccessKey(keyring, kid, 1, b"", _jwk(self._algorithms[keyring]), {}, 0, False)
        if ask is None or ask.payload is None or ask.keyring != keyring or kid != _kid(ask):
            return None
        return AccessKey(keyring, kid, 1, secret_digest(keyring, kid, SECRET), None, json.loads(ask.payload), 0, False)

    def changed_since(self, keyring: str, kid: str, epoch: int) -> bool:
        """See AccessKeys: each step has its own."""
        del keyring, kid, epoch
        return True

    def follow_by(self, feed: object) -> None:
        """There is no feed to follow."""

    def changed(self, changes: Sequence[object]) -> None:
        """See Reads: nothing is kept."""

    def doubted(self) -> None:
        """See Reads: nothing is kept."""


def verifying(issuers: Sequence[plan_model.Issuer]) -> dict[str, str]:
    """The algorithm of each keyring that verifies tokens."""
    return {
        one.keys.value: "ES256" if "ES256" in one.algorithms else "HS256"
        for one in issuers
        if one.keys.kind == "keyring" and one.algorithms
    }


def signing(issuers: Sequence[plan_model.Issuer]) -> dict[str, str]:
    """The algorithm by ``iss`` of each issuer whose tokens name a key of a keyring."""
    algorithms = verifying(issuers)
    return {one.iss: algorithms[one.keys.value] for one in issuers if one.keys.kind == "keyring" and one.algorithms}


def credential(ask: Ask, algorithms: Mapping[str, str]) -> str:
    """What is presented: the key of a keyring, or a token signed for its issuer (``algorithms`` by iss)."""
    payload = ask.payload or b""
    if ask.keyring is not None:
        return opaque_credential(_kid(ask), SECRET)
    alg = algorithms.get(json.loads(payload)["iss"]) if algorithms else None
    if alg is None:
        return sign(payload, ec_key()).decode("ascii")
    return sign(payload, SHARED if alg == "HS256" else ec_key(), alg, kid=VERIFIER).decode("ascii")


def _kid(ask: Ask) -> str:
    """Another key for other claims: what a gateway knows of one is not asked again."""
    return blake2b(f"{ask.keyring}:".encode() + (ask.payload or b""), digest_size=8).hexdigest()


def _jwk(alg: str) -> dict[str, Any]:
    if alg == "HS256":
        return {"kty": "oct", "alg": alg, "kid": VERIFIER, "k": _base64url(SHARED)}
    numbers = ec_key().public_key().public_numbers()
    assert isinstance(numbers.curve, ec.SECP256R1)
    point = {"x": _base64url(numbers.x.to_bytes(32, "big")), "y": _base64url(numbers.y.to_bytes(32, "big"))}
    return {"kty": "EC", "crv": "P-256", "alg": alg, "kid": VERIFIER, **point}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
