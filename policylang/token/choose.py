"""Which of the issuers that a route trusts a token is from."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from policylang.token.errors import TokenRefused
from policylang.token.members import ABSENT, find
from policylang.token.shapes import IssuerSpec

Candidate = TypeVar("Candidate", bound=IssuerSpec)


def choose_issuer(candidates: Sequence[Candidate], payload: Mapping[str, object]) -> Candidate:
    """The one candidate whose ``iss`` is the token's, character for character, and whose mark it bears.

    Raises TokenRefused: ``iss_missing``, ``iss_unknown``, ``mark_mismatch``, or ``issuer_ambiguous`` where two fit: the
    checker proves blocks of one iss disjoint, and a token that shows otherwise is not guessed at.
    """
    iss = payload.get("iss")
    if not isinstance(iss, str):
        raise TokenRefused("iss_missing")
    same = [issuer for issuer in candidates if issuer.iss == iss and not issuer.opaque]
    if not same:
        raise TokenRefused("iss_unknown")
    fitting = [issuer for issuer in same if _bears_mark(issuer, payload)]
    if not fitting:
        raise TokenRefused("mark_mismatch")
    if len(fitting) > 1:
        raise TokenRefused("issuer_ambiguous")
    return fitting[0]


def _bears_mark(issuer: IssuerSpec, payload: Mapping[str, object]) -> bool:
    """A null, or a parent that is no object, is neither the text nor an absence."""
    mark = issuer.marked
    if mark is None:
        return True
    found = find(payload, mark.path)
    return found is ABSENT if mark.value is None else found == mark.value
