"""Why a credential is refused, in words that say what the route would have taken; the token's own values are not told."""

from collections.abc import Sequence

from policylang.plan.model import Issuer, Mark
from policylang.plan.written import quoted, type_term

_HEADERS = {
    "typ_not_allowed": "the header's typ says that it is no access token; at+jwt, JWT, or no typ at all is taken",
    "alg_missing": "the header does not say what the token is signed with",
    "alg_none": "the token is not signed",
    "signature_missing": "the token is not signed",
    "crit": "the header asks for an extension (crit), and none is known here",
    "b64": "the header asks for a payload that is not encoded (b64)",
    "zip": "the header says that the payload is compressed (zip)",
    "jku": "the header says where keys are (jku); keys come from the rules",
    "x5u": "the header says where keys are (x5u); keys come from the rules",
    "jwk": "the header carries a key (jwk); keys come from the rules",
    "encrypted": "the token is encrypted, and no key for that is known here",
    "nested": "there is another token within the token (cty)",
    "kid_invalid": "the header's kid is no text of 1 to 256 printable characters",
    "cnf": "the token is bound to a proof (cnf), and the proof is not checked here",
    "lifetime": "the token is valid for longer than the rules' lifetime",
    "iat_missing": "the token has no iat, which a stated lifetime needs",
}


def refused(reason: str, trusted: Sequence[Issuer]) -> str:
    """A sentence's end for a reason of ``policylang.token``; ``trusted`` are the issuers that the route trusts."""
    tokens = [issuer for issuer in trusted if not issuer.opaque]
    match reason:
        case "key_unknown":
            keyrings = ", ".join(issuer.name for issuer in trusted if issuer.opaque)
            return f"{reason}: the access key is of no keyring that the route trusts: {keyrings or 'it trusts none'}"
        case "iss_unknown":
            return f"{reason}: the token's iss is none of those that the route trusts: {_issuers(tokens)}"
        case "iss_missing":
            return f"{reason}: the token has no iss that is a text; the route trusts {_issuers(tokens)}"
        case "mark_mismatch" | "issuer_ambiguous":
            return f"{reason}: several issuers share an iss and are told apart by marks; the route trusts {_issuers(tokens)}"
        case "aud_mismatch" | "aud_invalid":
            taken = "; ".join(f"{issuer.name} takes {' or '.join(map(quoted, issuer.audience))}" for issuer in tokens)
            return f"{reason}: the token is for another audience: {taken}"
        case "alg_not_allowed":
            taken = "; ".join(f"{issuer.name} takes {', '.join(issuer.algorithms)}" for issuer in tokens)
            return f"{reason}: the token is signed with an algorithm that its issuer's rules do not name: {taken}"
        case _ if reason in _HEADERS:
            return f"{reason}: {_HEADERS[reason]}"
        case _ if reason.startswith(_OF_CLAIMS):
            return _claim(reason, trusted)
        case _:
            return reason or "no reason given"


_OF_CLAIMS = ("claim_missing: ", "claim_null: ", "claim_invalid: ")


def _claim(reason: str, trusted: Sequence[Issuer]) -> str:
    """The rules' name of a claim, and the token's member that it is read from: they need not be the same."""
    kind, _, name = reason.partition(": ")
    found = [(issuer.name, claim) for issuer in trusted for claim in issuer.claims if claim.name == name]
    members = {_member(claim.source) for _, claim in found}
    types = {type_term(claim.type) for _, claim in found}
    member = members.pop() if len(members) == 1 else " or ".join(f"{_member(c.source)} ({who})" for who, c in found)
    match kind:
        case "claim_missing":
            said = f"the token has no member {member}"
        case "claim_null":
            said = f"the token's member {member} is null"
        case _:
            said = f"the token's member {member} is not {' or '.join(sorted(types))}"
    return f"{reason}: {said}"


def _member(path: Sequence[str]) -> str:
    return quoted(path[0]) if len(path) == 1 else f"[{', '.join(map(quoted, path))}]"


def _issuers(trusted: Sequence[Issuer]) -> str:
    return ", ".join(f"{issuer.name} ({quoted(issuer.iss)}{_mark(issuer.marked)})" for issuer in trusted) or "nobody"


def _mark(mark: Mark | None) -> str:
    if mark is None:
        return ""
    path = _member(mark.path)
    return f" marked {path} absent" if mark.value is None else f" marked {path} is {quoted(mark.value)}"
