"""Test blocks: what they give and what they expect must exist, so that a test which passes has proved something."""

import ipaddress
import json
from collections.abc import Mapping, Sequence

from policylang.check import errors_names
from policylang.check import errors_tests as errors
from policylang.check.bounds import number
from policylang.check.claims import literal_value
from policylang.check.environment import Sink
from policylang.check.fields import distinct
from policylang.check.ground import Ground
from policylang.check.model import Claim
from policylang.check.symbols import Symbols
from policylang.check.texts import constant
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.fit import Misfit, fit

REGISTERED = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti"})
"""Members that every token has or may have, whatever is declared (RFC 7519 section 4.1)."""

REFUSALS = (400, 401, 403, 404, 405, 413, 429, 431, 502, 503, 504)
MOST_REPEATS = 1_000_000


def check_tests(ground: Ground) -> None:
    """Complain of all that is wrong in the test blocks."""
    titles: dict[str, nodes.Test] = {}
    for test in ground.symbols.tests:
        title = test.title.value
        first = titles.setdefault(title, test)
        if first is not test:
            ground.sink.add(errors_names.duplicate_name("test", title, test.title.span, first.title.span))
        _order(test, ground.sink)
        for step in test.steps:
            _step(step, ground)


def _order(test: nodes.Test, sink: Sink) -> None:
    asked = expected = False
    for step in test.steps:
        asked = asked or isinstance(step, nodes.RequestStep)
        if isinstance(step, nodes.ExpectStep):
            expected = True
            if not asked:
                sink.add(errors.test_pointless(test.title.value, "expects an answer before any request", step.span))
                return
    if not asked:
        sink.add(errors.test_pointless(test.title.value, "sends no request", test.title.span))
    elif not expected:
        sink.add(errors.test_pointless(test.title.value, "expects nothing", test.title.span))


def _step(step: nodes.Step, ground: Ground) -> None:
    match step:
        case nodes.TokenStep():
            _token(step, ground)
        case nodes.MetadataStep(facts=facts) if facts is not None:
            fields = ground.names.metadata or {}
            _facts(facts, "the metadata block", fields, ground)
        case nodes.RequestStep():
            _request(step, ground.sink)
        case nodes.RepeatStep(count=count):
            number("a repetition", count, 1, MOST_REPEATS, ground.sink)
        case nodes.ExpectStep():
            _expect(step, ground)


def _token(step: nodes.TokenStep, ground: Ground) -> None:
    issuer = ground.issuers.get(step.issuer.text)
    if issuer is None:
        near = ground.symbols.guess(step.issuer.text, ground.issuers)
        ground.sink.add(errors_names.unknown_name("issuer", step.issuer.text, step.issuer.span, near))
        return
    declared = {claim.name: claim for claim in issuer.claims}
    facts = [fact for fact in step.facts if fact.name.text not in REGISTERED or fact.name.text in declared]
    _facts(facts, f"issuer `{issuer.name}`", declared, ground)


def _facts(facts: Sequence[nodes.Fact], owner: str, declared: Mapping[str, Claim], ground: Ground) -> None:
    sink = ground.sink
    for fact in distinct("fact", facts, lambda given: given.name.text, sink):
        name = fact.name.text
        claim = declared.get(name)
        if claim is None:
            near = ground.symbols.guess(name, declared)
            sink.add(errors.fact_unknown(name, owner, near, tuple(sorted(declared)), fact.name.span))
        elif fact.kind == "raw" and isinstance(fact.value, nodes.Str):
            if not _is_json(fact.value.value):
                sink.add(errors.raw_malformed(name, fact.value.span))
        elif fact.value is not None:
            _value(claim, fact.value, sink)


def _value(claim: Claim, literal: nodes.Literal_, sink: Sink) -> None:
    """A fact is given as the token has it: a set that is split may be one text."""
    given = literal_value(f"the value of `{claim.name}`", literal, sink)
    if claim.split is not None and isinstance(given, str):
        given = frozenset(given.split(claim.split)) if given else frozenset()
    value = fit(claim.type, given)
    if isinstance(value, Misfit):
        sink.add(errors.fact_misfit(claim.name, describe(claim.type), value.reason, literal.span))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _request(step: nodes.RequestStep, sink: Sink) -> None:
    target = step.target.value
    if not target or not target.isascii() or not target.isprintable() or " " in target:
        sink.add(errors.request_unsendable("the target", "has a blank or a character beyond ASCII", step.target.span))
    if step.peer is not None and not _is_address(constant("an address", step.peer, sink)):
        sink.add(errors.request_unsendable("the peer", "is no IP address", step.peer.span))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _expect(step: nodes.ExpectStep, ground: Ground) -> None:
    sink, symbols = ground.sink, ground.symbols
    if step.status is not None and step.status.value not in REFUSALS:
        sink.add(errors.status_impossible(step.status.value, REFUSALS, step.status.span))
    for expectation in step.expectations:
        for name in expectation.names:
            if not isinstance(name, nodes.Name) or expectation.kind == "header":
                continue
            if expectation.kind == "policy" and name.text not in symbols.policies:
                near = symbols.guess(name.text, symbols.policies)
                sink.add(errors_names.unknown_name("policy", name.text, name.span, near))
            if expectation.kind == "by" and not any(name.text in table for table in _deciders(symbols)):
                near = symbols.guess(name.text, [known for table in _deciders(symbols) for known in table])
                sink.add(errors.decider_unknown(name.text, near, name.span))


def _deciders(symbols: Symbols) -> tuple[Mapping[str, nodes.Item], ...]:
    """Whose name an answer may be given by: a rule, a limit, or the policy whose rate or quota is spent."""
    return symbols.rules, symbols.limits, symbols.policies
