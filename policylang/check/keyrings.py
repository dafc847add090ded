"""Keyrings: access keys that verify tokens, and, where a keyring says who its callers are, are credentials themselves."""

from collections.abc import Sequence

from policylang.check import errors_keyrings as errors
from policylang.check.callers import credential_place, identity_claim
from policylang.check.claims import REGISTERED, claim_table
from policylang.check.constants import Constants
from policylang.check.environment import Sink
from policylang.check.fields import Fields
from policylang.check.model import Issuer, KeySource
from policylang.syntax import nodes


def check_keyrings(constants: Constants, sink: Sink) -> dict[str, Issuer]:
    """The keyrings that may be trusted, by name, each as the opaque issuer that it is to a route."""
    keyrings = constants.symbols.keyrings
    checked = {name: _keyring(keyrings[name], constants, sink) for name in sorted(keyrings)}
    return {name: keyring for name, keyring in checked.items() if keyring is not None}


def _keyring(node: nodes.Keyring, constants: Constants, sink: Sink) -> Issuer | None:
    name = node.name.text
    fields = Fields(f"keyring `{name}`", node.name.span, sink)
    identity = fields.at_most_one("identity", node.identity)
    credential = fields.at_most_one("credential", node.credential)
    fields.at_most_one("claims", [claims for claims in node.claims if claims])
    declared = [claim for claims in node.claims for claim in claims]
    place = credential_place(credential, sink)
    claims = claim_table(declared, "claim", sink)
    _of_tokens(declared, sink)
    if identity is None:
        if declared or credential is not None:
            what = "claims" if declared else "a credential"
            sink.add(errors.keyring_without_callers(name, what, node.name.span))
        return None
    return Issuer(
        name=name,
        iss="",
        keys=KeySource("keyring", name),
        algorithms=(),
        audience=(),
        leeway_micros=0,
        lifetime_micros=None,
        marked=None,
        identity=identity_claim(identity, claims, "keyring", constants, sink),
        credential=place,
        claims=claims,
        span=node.name.span,
    )


def _of_tokens(declarations: Sequence[nodes.Claim], sink: Sink) -> None:
    """Complain of claims that are declared as, or read from, a registered claim of tokens."""
    for claim in declarations:
        path = [step.value for step in claim.source] if claim.source is not None else [claim.name.text]
        for name in sorted({claim.name.text, path[0] if len(path) == 1 else claim.name.text} & REGISTERED.keys()):
            sink.add(errors.keyring_claim(name, claim.name.span))
