"""What issuers and keyrings say alike: by which claim a caller is known, and where its credential travels."""

from policylang.check import errors_issuers as errors
from policylang.check.constants import Constants, member_span
from policylang.check.environment import Sink
from policylang.check.header_names import fold, why_not_set
from policylang.check.model import Claim, Credential
from policylang.syntax import nodes
from policylang.typesys.terms import SetOf

AUTHORIZATION = Credential("authorization", "")


def identity_claim(ref: nodes.Ref, claims: tuple[Claim, ...], owner: str, constants: Constants, sink: Sink) -> str:
    """The name of the claim that tells callers apart; empty after a complaint that there is none.

    ``owner`` is "issuer" or "keyring".
    """
    if ref.root != "claims":
        sink.add(errors.identity_unfit(f"is `{ref.root}.{ref.name}`, which is no claim", ref.span, None))
        return ""
    claim = next((claim for claim in claims if claim.name == ref.name), None)
    if claim is None:
        near = constants.symbols.guess(ref.name, [claim.name for claim in claims])
        sink.add(errors.identity_undeclared(ref.name, owner, near, member_span(ref.span, ref.name)))
        return ""
    reason = _unfit(claim)
    if reason is not None:
        sink.add(errors.identity_unfit(f"`claims.{claim.name}` {reason}", ref.span, claim.span))
    return claim.name


def _unfit(claim: Claim) -> str | None:
    if claim.optional:
        return "may be absent"
    if claim.default is not None:
        return "has a default, which all tokens without it would share"
    if claim.always is not None:
        return "is the same in all tokens"
    return "is a set" if isinstance(claim.type, SetOf) else None


def credential_place(node: nodes.Credential | None, sink: Sink) -> Credential:
    """Where a credential travels: in ``Authorization: Bearer`` if nothing else is said."""
    if node is None:
        return AUTHORIZATION
    name = node.name.text
    if node.kind == "cookie":
        return Credential("cookie", name)
    taken = "it carries `Bearer` tokens already, which is the default" if fold(name) == "authorization" else None
    reason = taken or why_not_set(name, "request")
    if reason is not None:
        sink.add(errors.credential_unfit(name, reason, node.name.span))
    return Credential("header", name.lower())
