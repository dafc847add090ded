"""A cell is one (route, method, issuer) of a plan, as callable stages. ``codegen`` builds them; the gateway calls them.

The order: ``token_facts`` once for each token (cached while ``valid_from <= now < valid_until``), ``identity_facts`` once
for each version of the identity's metadata, ``decide`` for each request.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from policylang.runtime.verdict import RequestFacts, Verdict

Claims = tuple[Any, ...]
"""Decoded claims, aligned with ``Issuer.claims`` (sorted by name); None is absence. Anonymous: the empty tuple."""

Fields = tuple[Any, ...]
"""Decoded metadata, aligned with ``Metadata.fields``; None is absence of one field."""


class TokenFacts(NamedTuple):
    """What a token says to one cell. True for instants ``valid_from <= now < valid_until``, in microseconds."""

    valid_from: int
    valid_until: int
    slots: tuple[Any, ...]


class TokenStage(Protocol):
    def __call__(self, claims: Claims, identity: bytes, now: int) -> TokenFacts: ...


class IdentityStage(Protocol):
    def __call__(self, token: tuple[Any, ...], claims: Claims, fields: Fields | None) -> tuple[Any, ...]: ...


class RequestStage(Protocol):
    def __call__(self, token: tuple[Any, ...], identity: tuple[Any, ...], request: RequestFacts) -> Verdict: ...


@dataclass(slots=True)
class Cell:
    """``identity`` is the virtual identity's digest (bytes), b"" when anonymous. ``fields`` None: metadata is a fault.

    ``needs_metadata``: some rule, header, token or select arm (no shadow) reads it. ``needs_request``: the decision
    depends on more than token and metadata. ``headers``: lower-case names of the client's headers that rules read.
    ``reads_metadata``: as ``needs_metadata``, shadow rules included; without it ``identity_facts`` always gives ().
    """

    route: int
    method: str
    issuer: int | None
    needs_metadata: bool
    needs_request: bool
    headers: tuple[str, ...]
    token_facts: TokenStage = field(repr=False)
    identity_facts: IdentityStage = field(repr=False)
    decide: RequestStage = field(repr=False)
    reads_metadata: bool = True
