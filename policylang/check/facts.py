"""The facts of a test: the members of a token, and fields of the metadata block."""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations

from policylang.check import errors_keyrings, errors_names
from policylang.check import errors_tests as errors
from policylang.check.bounds import SECOND
from policylang.check.claims import literal_value
from policylang.check.environment import Sink
from policylang.check.fields import distinct
from policylang.check.ground import Ground
from policylang.check.model import Claim, Issuer
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast
from policylang.typesys.describe import describe
from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import Scalar, Text, Time

_ANY_TEXT = Text(0, 4096)

REGISTERED: Mapping[str, Scalar] = {
    "iss": _ANY_TEXT, "sub": _ANY_TEXT, "aud": _ANY_TEXT, "exp": Time(), "nbf": Time(), "iat": Time(), "jti": _ANY_TEXT,
    "cnf": _ANY_TEXT,
}  # fmt: skip
"""Members that are read of every token, whatever is declared (RFC 7519 section 4.1, RFC 7800): of ``cnf``, that it is
there."""


def check_token(step: ast.TokenStep, issuer: str | None, ground: Ground) -> None:
    """The facts of a token; ``issuer`` is whose it is, from this step or from the one that made the token."""
    if issuer is None:
        return
    declared = ground.issuers.get(issuer)
    if declared is None:
        if step.issuer is not None:
            near = ground.symbols.guess(issuer, ground.issuers)
            ground.sink.add(errors_names.unknown_name("issuer", issuer, step.issuer.span, near))
        return
    known = token_members(declared)
    facts = step.facts if not declared.opaque else _without_age(step.facts, declared, ground)
    check_facts(facts, f"{'keyring' if declared.opaque else 'issuer'} `{issuer}`", known, ground)
    for one, other in combinations(step.facts, 2):
        paths = [known[fact.name.text].source for fact in (one, other) if fact.name.text in known]
        if len(paths) == 2 and one.name.text != other.name.text and _overlap(*paths):
            ground.sink.add(errors.facts_overlap(one.name.text, other.name.text, other.name.span, one.name.span))


def _without_age(facts: Sequence[ast.Fact], keyring: Issuer, ground: Ground) -> list[ast.Fact]:
    """The facts of an access key; complains of those that only a token has, unless the keyring declares them."""
    declared = {claim.name for claim in keyring.claims}
    left: list[ast.Fact] = []
    for fact in facts:
        if fact.name.text in REGISTERED.keys() - {"sub"} - declared:
            ground.sink.add(errors_keyrings.key_without_age(fact.name.text, keyring.name, fact.name.span))
        else:
            left.append(fact)
    return left


def token_members(issuer: Issuer) -> dict[str, Claim]:
    """What a test may say of a token: the issuer's claims, the registered ones, and what the issuer marks its own by.

    Of an access key: the claims that its keyring declares.
    """
    if issuer.opaque:
        return {claim.name: claim for claim in issuer.claims}
    known = {name: _member(name, term) for name, term in REGISTERED.items()}
    if issuer.marked is not None and len(issuer.marked[0]) == 1:
        known.setdefault(issuer.marked[0][0], _member(issuer.marked[0][0], _ANY_TEXT))
    return {**known, **{claim.name: claim for claim in issuer.claims}}


def _member(name: str, term: Scalar) -> Claim:
    return Claim(name, term, (name,), True, None, None, None, False, NOWHERE)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer[: len(shorter)] == shorter


def check_metadata(facts: Sequence[ast.Fact], ground: Ground) -> None:
    """The fields of the identity's metadata."""
    check_facts(facts, "the metadata block", ground.names.metadata or {}, ground)


def check_facts(facts: Sequence[ast.Fact], owner: str, declared: Mapping[str, Claim], ground: Ground) -> None:
    """Each fact once, of something declared, and a value of its type unless it is raw."""
    sink = ground.sink
    for fact in distinct("fact", facts, lambda given: given.name.text, sink):
        name = fact.name.text
        claim = declared.get(name)
        if claim is None:
            near = ground.symbols.guess(name, declared)
            names = tuple(sorted(known for known, claim in declared.items() if claim.span != NOWHERE))
            sink.add(errors.fact_unknown(name, owner, near, names, fact.name.span))
        else:
            _value(claim, fact, sink)


def _value(claim: Claim, fact: ast.Fact, sink: Sink) -> None:
    match fact.kind, fact.value:
        case "raw", nodes.Str(value=text) if not _is_json(text):
            sink.add(errors.raw_malformed(claim.name, fact.value.span))
        case "ago" | "ahead", nodes.Duration() as duration:
            if not isinstance(claim.type, Time):
                reason = f"an instant stands where {describe(claim.type)} is wanted"
                sink.add(errors.fact_misfit(claim.name, describe(claim.type), reason, duration.span))
            elif duration.micros % SECOND:
                reason = "the times of a token are whole seconds"
                sink.add(errors.fact_misfit(claim.name, "time", reason, duration.span))
        case "value", (nodes.Str() | nodes.Int() | nodes.Bool() | nodes.StrSet()) as literal:
            misfit = misfit_of(claim, literal, sink)
            if misfit is not None:
                sink.add(errors.fact_misfit(claim.name, describe(claim.type), misfit.reason, literal.span))


def misfit_of(claim: Claim, literal: nodes.Literal_, sink: Sink) -> Misfit | None:
    """Why a literal is no value of a claim. It is given as the token has it: a set that is split may be one text."""
    given = literal_value(f"the value of `{claim.name}`", literal, sink)
    if _has_reference(literal):
        return None
    if claim.split is not None and isinstance(given, str):
        given = frozenset(given.split(claim.split)) if given else frozenset()
    if claim.name == "aud" and isinstance(given, frozenset) and claim.span == NOWHERE:
        return None
    value = fit(claim.type, given)
    return value if isinstance(value, Misfit) else None


def _has_reference(literal: nodes.Literal_) -> bool:
    texts = literal.items if isinstance(literal, nodes.StrSet) else (literal,)
    return any(isinstance(text, nodes.Str) and text.holes for text in texts)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
