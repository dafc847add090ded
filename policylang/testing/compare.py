"""What is expected of an answer, held against it.

Law of this file: where the answer itself is another one than expected, only that is told: all the rest follows from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policylang.check.header_names import spelling
from policylang.check.questions import counter_text
from policylang.check.wording import quoted
from policylang.codegen.compiled import CompiledPlan
from policylang.runtime.decision import Decision
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast
from policylang.testing.arrange import counter_name
from policylang.testing.fixtures import secret_value
from policylang.testing.model import Answer, Failure
from policylang.testing.sent import folded_name, is_withheld, to_client, to_service
from policylang.testing.words import counter_words, deciders, decision_words, listed, value_words
from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import Time


@dataclass(frozen=True, slots=True)
class Counted:
    """What is left of the counters that a request was counted by, by the name of their charge."""

    left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Difference:
    what: str
    expected: str
    actual: str
    span: Span


def compare(step: ast.ExpectStep, answer: Answer, counted: Counted, compiled: CompiledPlan) -> Iterator[Failure]:
    """What of one ``expect`` did not come."""
    for found in _differences(step, answer, counted, compiled):
        yield Failure("expectation", found.what, found.expected, found.actual, found.span, answer.tree)


def _differences(
    step: ast.ExpectStep, answer: Answer, counted: Counted, compiled: CompiledPlan
) -> Iterator[_Difference]:
    expected, decision = step.answer, answer.decision
    if not isinstance(expected, ast.Expected):
        raise TypeError(expected)
    status = 200 if expected.status is None else expected.status.value
    if decision.status != status:
        wanted = "allow" if expected.allowed else f"deny {status}"
        yield _Difference("the answer", _with_by(wanted, expected), decision_words(decision), step.span)
        return
    for expectation in expected.expectations:
        match expectation:
            case ast.ExpectName():
                yield from _names(expectation, decision)
            case ast.ExpectStepUp(values=values):
                yield from _step_up(expectation, {value.value for value in values}, decision)
            case ast.ExpectHeader():
                yield from _header(expectation, answer, compiled)
            case ast.ExpectToken():
                yield from _token(expectation, decision, compiled)
            case ast.ExpectCharged(counters=counters):
                yield from _charged(counters, decision)
            case ast.ExpectLeft():
                yield from _left(expectation, counted)
            case ast.ExpectShadow():
                yield from _shadow(expectation, decision)


def _with_by(wanted: str, expected: ast.Expected) -> str:
    """An answer with the name and the kind that were expected of it."""
    for word in ("as", "by"):
        for found in expected.expectations:
            if isinstance(found, ast.ExpectName) and found.kind == word:
                wanted += f" {word} {found.names[0].text}"
    return wanted


def _names(expectation: ast.ExpectName, decision: Decision) -> Iterator[_Difference]:
    wanted = {name.text for name in expectation.names}
    match expectation.kind:
        case "by":
            found, what = set(deciders(decision)), "decided by"
            if wanted <= found:
                return
        case "as":
            found, what = {decision.kind}, "kind"
        case "route":
            found, what = {decision.route or "none"}, "route"
        case "issuer":
            found, what = {decision.issuer or "anonymous"}, "issuer"
        case _:
            found, what = set(decision.policies), "policy"
    if wanted != found:
        yield _Difference(what, listed(wanted), listed(found), expectation.span)


def _step_up(expectation: ast.ExpectStepUp, wanted: set[str], decision: Decision) -> Iterator[_Difference]:
    if wanted != set(decision.acr):
        expected, actual = (", ".join(map(quoted, sorted(values))) or "none" for values in (wanted, decision.acr))
        yield _Difference("step_up", expected, actual, expectation.span)


def _header(expectation: ast.ExpectHeader, answer: Answer, compiled: CompiledPlan) -> Iterator[_Difference]:
    name, decision = spelling(expectation.name), answer.decision
    upstream = expectation.direction == "request"
    seen = to_service(compiled, answer.step.ask, decision) if upstream else to_client(decision)
    values = seen.get(folded_name(name), [])
    what = f"header {name}" if upstream else f"response header {name}"
    actual = ", ".join(map(quoted, values)) or "absent"
    match expectation.kind:
        case "present" if not values:
            yield _Difference(what, "present", actual, expectation.span)
        case "absent" if values:
            yield _Difference(what, "absent", actual, expectation.span)
        case "absent" if not upstream and not is_withheld(compiled, decision, name):
            yield _Difference(what, "absent", "passed on if the service sends it", expectation.span)
        case "value" | "secret":
            wanted = _wanted(expectation)
            if values != [wanted]:
                yield _Difference(what, quoted(wanted), actual, expectation.span)


def _wanted(expectation: ast.ExpectHeader) -> str:
    match expectation.value:
        case nodes.Name(text=secret):
            return secret_value(secret)
        case nodes.Str(value=text):
            return text
        case _:
            raise TypeError(expectation.value)


def _token(expectation: ast.ExpectToken, decision: Decision, compiled: CompiledPlan) -> Iterator[_Difference]:
    name = expectation.name.text
    minted = next((token for token in decision.minted if token[0] == name), None)
    what = f"identity token {name}"
    if expectation.facts is None:
        if minted is not None:
            yield _Difference(what, "absent", "minted", expectation.span)
        return
    if minted is None:
        yield _Difference(what, "minted", "absent", expectation.span)
        return
    audience = next(token.audience for token in compiled.plan.tokens if token.name == name)
    members = {"aud": audience, **dict(minted[3]), "sub": minted[2]}
    for fact in expectation.facts:
        actual = members.get(fact.name.text)
        if not _is(fact, actual):
            wanted = value_words(None if fact.kind == "absent" else _plain(fact))
            yield _Difference(f"{what} {fact.name.text}", wanted, value_words(actual), fact.span)


def _is(fact: ast.Fact, actual: object) -> bool:
    if fact.kind == "absent":
        return actual is None
    wanted = _plain(fact)
    if isinstance(wanted, frozenset):
        return isinstance(actual, tuple) and frozenset(actual) == wanted
    if isinstance(actual, int) and not isinstance(actual, bool) and isinstance(wanted, str):
        instant = fit(Time(), wanted)
        return not isinstance(instant, Misfit) and actual == instant
    return type(actual) is type(wanted) and actual == wanted


def _plain(fact: ast.Fact) -> object:
    match fact.value:
        case nodes.StrSet(items=items):
            return frozenset(item.value for item in items)
        case nodes.Str() | nodes.Int() | nodes.Bool():
            return fact.value.value
        case _:
            raise TypeError(fact.value)


def _charged(counters: tuple[ast.Counter, ...], decision: Decision) -> Iterator[_Difference]:
    charged = {charge.limit for charge in decision.charges}
    for counter in counters:
        if counter_name(counter) not in charged:
            yield _Difference("charged", counter_text(counter), listed(map(counter_words, charged)), counter.span)


def _left(expectation: ast.ExpectLeft, counted: Counted) -> Iterator[_Difference]:
    if not isinstance(expectation.count, nodes.Int):
        raise TypeError(expectation.count)
    left = counted.left.get(counter_name(expectation.counter))
    if left != expectation.count.value:
        what = f"left of {counter_text(expectation.counter)}"
        actual = "the request is not counted by it" if left is None else str(left)
        yield _Difference(what, str(expectation.count.value), actual, expectation.span)


def _shadow(expectation: ast.ExpectShadow, decision: Decision) -> Iterator[_Difference]:
    name = expectation.name.text
    wanted = "true" if expectation.value.value else "false"
    actual = dict(decision.shadows).get(name, "not asked")
    if actual != wanted:
        yield _Difference(f"{expectation.effect} {name}", wanted, actual, expectation.span)
