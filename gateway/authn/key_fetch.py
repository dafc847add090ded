"""What a fetch of keys is asked for and what it gives: the port between the key holders and the network."""

import re
from dataclasses import dataclass, field
from typing import Literal, Protocol

_MAX_AGE = re.compile(r'(?:^|,)\s*max-age\s*=\s*"?([0-9]{1,10})"?\s*(?=,|$)', re.IGNORECASE | re.ASCII)
_NO_CACHE = re.compile(r"(?:^|,)\s*(?:no-store|no-cache)\s*(?=,|=|$)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """``url``: the address of a JWK set. ``discovered``: an issuer, whose metadata document has that address."""

    kind: Literal["url", "discovered"]
    value: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A JSON object, strictly read. ``max_age``: microseconds that the answer stated, None where it stated none."""

    document: dict[str, object] = field(repr=False)
    max_age: int | None


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """``reason`` is a stable word: an outage is a value, not an exception."""

    reason: str


class KeyFetcher(Protocol):
    async def fetch(self, place: KeyPlace) -> Fetched | FetchFailed:
        """Fetch once, within the adapter's own limits of time and size."""
        ...


def max_age(cache_control: str, age: str) -> int | None:
    """Microseconds for which an answer is fresh (RFC 9111 sections 4.2.1 and 5.2.2); 0 for one not to be kept.

    >>> max_age("public, max-age=600", "100")
    500000000
    """
    if _NO_CACHE.search(cache_control):
        return 0
    stated = _MAX_AGE.search(cache_control)
    if stated is None:
        return None
    spent = int(age) if age.isascii() and age.isdigit() and len(age) <= 10 else 0
    return max(int(stated[1]) - spent, 0) * 1_000_000
