"""What a route trusts, prepared once for each plan: where credentials stand, whose they may be, how their claims decode."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from gateway.authn.key_holder import KeyHolder
from gateway.authn.key_sets import KEYRING
from gateway.message.principal import Principal
from policylang.embed import claims_decoder, plan_model

Decode = Callable[[Mapping[str, object]], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """``index`` is the issuer's place in the plan. ``holder`` has its key set; None where access keys of a keyring verify."""

    index: int
    issuer: plan_model.Issuer
    holder: KeyHolder | None
    decode: Decode


@dataclass(frozen=True, slots=True)
class TrustedSource:
    """One place where a credential may stand. ``issuers`` by name: those whose credentials may stand there; ``candidates``
    those of them that sign tokens, ``opaque`` those whose access keys may stand there themselves.

    ``salt`` (16 bytes) goes into the digest of every token found there. It holds the configuration of all these issuers,
    their claims left out: one token under two configurations, or in two places, is two tokens to the cache, and a
    reload that leaves the issuers alone finds what it knew.
    """

    salt: bytes
    issuers: Mapping[str, TrustedIssuer]
    candidates: tuple[plan_model.Issuer, ...]
    opaque: tuple[TrustedIssuer, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """``credentials`` and ``sources`` are aligned. ``plan`` is the semantic digest of the plan whose indices these are.

    ``nobody`` is the principal of a request without a credential; None where one is required.
    """

    plan: str
    nobody: Principal | None
    credentials: tuple[plan_model.Credential, ...]
    sources: tuple[TrustedSource, ...]


def prepare_trust(
    plan: str,
    issuers: tuple[plan_model.Issuer, ...],
    trust: tuple[int, ...],
    nobody: Principal | None,
    holder: Callable[[plan_model.Issuer], KeyHolder],
) -> Trust:
    """The trust of a route: ``trust`` are indices into ``issuers``."""
    credentials = tuple(sorted({issuers[index].credential for index in trust}, key=lambda one: (one.kind, one.name)))
    sources = []
    for credential in credentials:
        trusted = {
            issuers[index].name: TrustedIssuer(
                index,
                issuers[index],
                None if issuers[index].keys.kind == KEYRING else holder(issuers[index]),
                claims_decoder(issuers[index].claims),
            )
            for index in trust
            if issuers[index].credential == credential
        }
        candidates = tuple(one.issuer for one in trusted.values() if not one.issuer.opaque)
        opaque = tuple(one for one in trusted.values() if one.issuer.opaque)
        salt = _salt(tuple(one.issuer for one in trusted.values()))
        sources.append(TrustedSource(salt, trusted, candidates, opaque))
    return Trust(plan, nobody, credentials, tuple(sources))


def _salt(issuers: tuple[plan_model.Issuer, ...]) -> bytes:
    """A digest of all that decides whether a token is accepted; what its claims become is the plan's digest to tell."""
    configuration = sorted(
        [
            issuer.name,
            issuer.iss,
            [issuer.keys.kind, issuer.keys.value],
            list(issuer.algorithms),
            list(issuer.audience),
            issuer.leeway_micros,
            issuer.lifetime_micros,
            None if issuer.marked is None else [list(issuer.marked.path), issuer.marked.value],
            issuer.identity,
            [issuer.credential.kind, issuer.credential.name],
        ]
        for issuer in issuers
    )
    return blake2b(json.dumps(configuration, separators=(",", ":")).encode(), digest_size=16).digest()
