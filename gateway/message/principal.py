"""Who calls: what authentication leaves for the steps after it, and what the token cache holds."""

from dataclasses import dataclass, field
from typing import Any

from policylang.embed import TokenFacts

NEVER = -1


@dataclass(slots=True)
class CellFacts:
    """What one cell derived: from the token, and from version ``version`` of the metadata (NEVER: not yet)."""

    token: TokenFacts
    version: int = NEVER
    identity: tuple[Any, ...] = ()


@dataclass(slots=True)
class Principal:
    """A verified caller. Anonymous: ``issuer`` None, no claims, empty identity.

    ``identity`` is the keyed digest of (issuer, identity claim's name, value): 16 bytes. ``expires`` is the token's exp
    in microseconds, without leeway. ``cells`` are token facts by cell key, for one plan; ``plan`` is that plan's semantic digest.
    ``minted`` are identity tokens by index into ``Plan.tokens``; what they are is rewrite's to know. ``key`` is (keyring,
    key id) of the access key that the caller came with.
    """

    issuer: int | None
    claims: tuple[Any, ...]
    identity: bytes
    expires: int
    plan: str
    cells: dict[tuple[int, str], CellFacts] = field(default_factory=dict)
    minted: dict[int, Any] = field(default_factory=dict)
    key: tuple[str, str] | None = None
