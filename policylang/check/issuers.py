"""Issuers: whom to believe, by which keys and algorithms, and what their tokens say.

A field that is wrong is complained of and stands in for itself empty: the claims of the issuer stay usable, so that
rules about them are checked all the same.
"""

from policylang.check import errors_issuers as errors
from policylang.check.bounds import DAY, MINUTE, SECOND, duration
from policylang.check.callers import credential_place, identity_claim
from policylang.check.claims import claim_table, registered
from policylang.check.constants import Constants, as_written
from policylang.check.environment import Sink
from policylang.check.fields import Fields, distinct
from policylang.check.issuer_keys import NO_KEYS, key_source, usable_algorithms
from policylang.check.keyrings import check_keyrings
from policylang.check.model import Issuer
from policylang.check.texts import constant
from policylang.check.urls import issuer_problem
from policylang.source.tree import SourceTree
from policylang.syntax import nodes


def check_issuers(constants: Constants, tree: SourceTree, sink: Sink) -> dict[str, Issuer]:
    """Every issuer by name, the keyrings that may be trusted among them."""
    nodes_by_name = constants.symbols.issuers
    issuers = {name: _issuer(nodes_by_name[name], constants, tree, sink) for name in sorted(nodes_by_name)}
    return dict(sorted({**issuers, **check_keyrings(constants, sink)}.items()))


def _issuer(node: nodes.Issuer, constants: Constants, tree: SourceTree, sink: Sink) -> Issuer:
    fields = Fields(f"issuer `{node.name.text}`", node.name.span, sink)
    iss = fields.exactly_one("iss", node.iss, 'iss "https://auth.example.com"')
    keys = fields.exactly_one("keys", node.keys, 'keys "https://auth.example.com/.well-known/jwks.json"')
    algorithms = fields.exactly_one("algorithms", node.algorithms, "algorithms ES256")
    audience = fields.exactly_one("audience", node.audience, 'audience "https://api.example.com"')
    identity = fields.exactly_one("identity", node.identity, "identity by claims.sub")
    leeway = fields.at_most_one("leeway", node.leeway)
    lifetime = fields.at_most_one("lifetime", node.lifetime)
    marked = fields.at_most_one("marked", node.marked)
    credential = fields.at_most_one("credential", node.credential)
    fields.at_most_one("claims", [claims for claims in node.claims if claims])
    declared = [claim for claims in node.claims for claim in claims]
    fields.settle()
    claims = claim_table(declared, "claim", sink)
    registered(declared, sink)
    issuer = "" if iss is None else _iss(iss, constants, sink)
    used = usable_algorithms(algorithms or (), keys, sink)
    return Issuer(
        name=node.name.text,
        iss=issuer,
        keys=NO_KEYS if keys is None else key_source(keys, issuer, used, tree, constants=constants, sink=sink),
        algorithms=used,
        audience=_audience(audience or (), constants, sink),
        leeway_micros=0 if leeway is None else duration("a leeway", leeway, 0, 5 * MINUTE, sink),
        lifetime_micros=None if lifetime is None else duration("a lifetime", lifetime, SECOND, 366 * DAY, sink),
        marked=_marked(marked, sink),
        identity="" if identity is None else identity_claim(identity, claims, "issuer", constants, sink),
        credential=credential_place(credential, sink),
        claims=claims,
        span=node.name.span,
    )


def _iss(const: nodes.Const, constants: Constants, sink: Sink) -> str:
    text = constants.url("`iss`", const, sink)
    if text is None:
        return ""
    problem = issuer_problem(text)
    if problem is not None:
        sink.add(errors.url_unfit("the issuer's `iss`", problem, const.span))
    return text


def _audience(listed: tuple[nodes.Const, ...], constants: Constants, sink: Sink) -> tuple[str, ...]:
    entries = distinct("audience", listed, as_written, sink)
    texts = [constants.text("an audience", entry, sink) for entry in entries]
    return tuple(sorted({text for text in texts if text is not None}))


def _marked(mark: nodes.Marked | None, sink: Sink) -> tuple[tuple[str, ...], str | None] | None:
    if mark is None:
        return None
    path = tuple(constant("the name of a member", step, sink) for step in mark.path)
    if not all(path):
        sink.add(errors.mark_malformed("has a member without a name", mark.span))
    value = None if mark.value is None else constant("the value of a mark", mark.value, sink)
    return path, value
