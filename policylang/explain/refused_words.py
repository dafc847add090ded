"""Why a credential is refused, in words that say what the route would have taken; the token's own values are not told."""

from collections.abc import Sequence

from policylang.plan.model import Issuer, Mark
from policylang.plan.written import quoted


def refused(reason: str, trusted: Sequence[Issuer]) -> str:
    """A sentence's end for a reason of ``policylang.token``; ``trusted`` are the issuers that the route trusts."""
    match reason:
        case "iss_unknown":
            return f"{reason}: the token's iss is none of those that the route trusts: {_issuers(trusted)}"
        case "iss_missing":
            return f"{reason}: the token has no iss that is a text; the route trusts {_issuers(trusted)}"
        case "mark_mismatch" | "issuer_ambiguous":
            return f"{reason}: several issuers share an iss and are told apart by marks; the route trusts {_issuers(trusted)}"
        case "aud_mismatch" | "aud_invalid":
            taken = "; ".join(f"{issuer.name} takes {' or '.join(map(quoted, issuer.audience))}" for issuer in trusted)
            return f"{reason}: the token is for another audience: {taken}"
        case _:
            return reason or "no reason given"


def _issuers(trusted: Sequence[Issuer]) -> str:
    return ", ".join(f"{issuer.name} ({quoted(issuer.iss)}{_mark(issuer.marked)})" for issuer in trusted) or "nobody"


def _mark(mark: Mark | None) -> str:
    if mark is None:
        return ""
    path = quoted(mark.path[0]) if len(mark.path) == 1 else f"[{', '.join(map(quoted, mark.path))}]"
    return f" marked {path} absent" if mark.value is None else f" marked {path} is {quoted(mark.value)}"
