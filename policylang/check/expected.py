"""What a test expects: names that exist, of answers that there are, and nothing that could never come."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from policylang.check import errors_expected as errors
from policylang.check import errors_names, errors_tests
from policylang.check.answers import REFUSED, STATUSES
from policylang.check.claims import literal_value
from policylang.check.fields import distinct
from policylang.check.ground import Ground
from policylang.check.header_names import fold, is_header_text, spelling
from policylang.check.questions import capacity, check_used
from policylang.request.fields import HOP_BY_HOP, UNSETTABLE, is_claiming, is_forwarding
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast

_MINTED = ("sub", "aud")


def check_expected(step: ast.ExpectStep, sent: Sequence[ast.RequestPart], ground: Ground) -> None:
    """One ``expect``; ``sent`` are the headers of the request before it."""
    answer = step.answer
    if not isinstance(answer, ast.Expected):
        return
    status = answer.status
    if status is not None and status.value not in STATUSES:
        ground.sink.add(errors_tests.status_impossible(status.value, STATUSES, status.span))
        status = None
    distinct("expectation", answer.expectations, _subject, ground.sink)
    for expectation in answer.expectations:
        spent = status is not None and status.value == 429
        if not answer.allowed and (
            _of_forwarded(expectation) or (isinstance(expectation, ast.ExpectLeft) and not spent)
        ):
            ground.sink.add(errors.never_of_refused(expectation.span))
            continue
        match expectation:
            case ast.ExpectName(kind="by"):
                _decider(expectation, answer.allowed, ground)
            case ast.ExpectName(kind="as"):
                _kind(expectation, answer, status, ground)
            case ast.ExpectName():
                _names(expectation, ground)
            case ast.ExpectStepUp():
                _step_up(expectation, ground)
            case ast.ExpectHeader():
                _header(expectation, sent, ground)
            case ast.ExpectToken():
                _token(expectation, ground)
            case ast.ExpectCharged(counters=counters):
                for counter in counters:
                    capacity(counter, ground)
            case ast.ExpectLeft():
                check_used(expectation.count, expectation.counter, ground)
            case ast.ExpectShadow():
                _shadow(expectation, ground)


def _subject(expectation: ast.Expectation) -> str:
    """What an expectation is about: two of one answer cannot be about the same."""
    match expectation:
        case ast.ExpectName(kind=kind):
            return kind
        case ast.ExpectStepUp():
            return "step_up"
        case ast.ExpectHeader(direction=direction, name=name):
            return f"{direction} header {fold(spelling(name))}"
        case ast.ExpectToken(name=token):
            return f"identity token {token.text}"
        case ast.ExpectCharged():
            return "charged"
        case ast.ExpectLeft(counter=counter):
            return f"left of {counter.name.text} {counter.kind}"
        case ast.ExpectShadow(name=rule):
            return f"shadow {rule.text}"


def _of_forwarded(expectation: ast.Expectation) -> bool:
    """Whether it can only come with a request that is let through."""
    match expectation:
        case ast.ExpectHeader(kind=kind):
            return kind != "absent"
        case ast.ExpectToken(facts=facts):
            return facts is not None
        case ast.ExpectCharged():
            return True
        case _:
            return False


def _decider(expectation: ast.ExpectName, allowed: bool, ground: Ground) -> None:
    symbols, sink = ground.symbols, ground.sink
    (name,) = expectation.names
    rule = symbols.rules.get(name.text)
    tables: tuple[Mapping[str, nodes.Item], ...] = (symbols.rules, symbols.limits, symbols.policies)
    if not any(name.text in table for table in tables):
        near = symbols.guess(name.text, [known for table in tables for known in table])
        sink.add(errors_tests.decider_unknown(name.text, near, name.span))
    elif allowed and (rule is None or rule.effect != "allow"):
        what = rule.effect if rule is not None else "limit" if name.text in symbols.limits else "policy"
        sink.add(errors.decider_impossible(name.text, what, "lets a request through", name.span))
    elif rule is not None and rule.effect.startswith("shadow") and not any(name.text in t for t in tables[1:]):
        sink.add(errors.decider_impossible(name.text, rule.effect, "decides anything", name.span))


def _kind(expectation: ast.ExpectName, answer: ast.Expected, status: nodes.Int | None, ground: Ground) -> None:
    (name,) = expectation.names
    known = REFUSED.get(name.text)
    if known is None:
        ground.sink.add(errors.kind_unknown(name.text, ground.symbols.guess(name.text, REFUSED), name.span))
    elif answer.allowed or (status is not None and status.value != known):
        ground.sink.add(errors.kind_misplaced(name.text, known, name.span))


def _names(expectation: ast.ExpectName, ground: Ground) -> None:
    symbols = ground.symbols
    calling = {name: keyring for name, keyring in symbols.keyrings.items() if keyring.identity}
    tables: dict[str, Mapping[str, nodes.Item]] = {
        "route": symbols.routes, "issuer": {**symbols.issuers, **calling}, "policy": symbols.policies,
    }  # fmt: skip
    for name in distinct(expectation.kind, expectation.names, lambda n: n.text, ground.sink):
        _known(expectation.kind, name, tables[expectation.kind], ground)


def _known(kind: str, name: nodes.Name, table: Collection[str], ground: Ground) -> bool:
    if name.text in table:
        return True
    near = ground.symbols.guess(name.text, table)
    ground.sink.add(errors_names.unknown_name(kind, name.text, name.span, near))
    return False


def _step_up(expectation: ast.ExpectStepUp, ground: Ground) -> None:
    asked = {rule.step_up.value for rule in ground.symbols.rules.values() if rule.step_up is not None}
    for value in distinct("value", expectation.values, lambda v: v.value, ground.sink):
        if value.value not in asked:
            near = ground.symbols.guess(value.value, asked)
            ground.sink.add(errors.never_said("step_up", value.value, near, value.span))


def _header(expectation: ast.ExpectHeader, sent: Sequence[ast.RequestPart], ground: Ground) -> None:
    name = spelling(expectation.name)
    if isinstance(expectation.value, nodes.Name):
        _known("secret", expectation.value, ground.symbols.secrets, ground)
    elif isinstance(expectation.value, nodes.Str) and not is_header_text(expectation.value.value):
        ground.sink.add(errors.value_unprintable(name, expectation.value.span))
    written, removed = _writers(expectation.direction, ground), _removers(expectation.direction, ground)
    folded = fold(name)
    known = set(written)
    if expectation.direction == "request":
        known |= {fold(spelling(part.header)): spelling(part.header) for part in sent if part.header}.keys()
    if expectation.kind == "absent":
        raw = folded.encode("utf-8")
        told = is_forwarding(raw) or is_claiming(raw)
        dropped = raw in HOP_BY_HOP | UNSETTABLE or folded == "authorization" or told
        if dropped or any(folded == stem or (wide and folded.startswith(stem)) for stem, wide in removed):
            return
    if folded not in known:
        near = ground.symbols.guess(name, written.values())
        what = "header" if expectation.direction == "request" else "response header"
        ground.sink.add(errors.never_said(what, name, near, expectation.name.span))


def _writers(direction: str, ground: Ground) -> dict[str, str]:
    """Folded names of the headers that any rule sets, as written."""
    names: list[nodes.Name | nodes.Str] = []
    for block in ground.symbols.headers:
        if block.direction == direction:
            names += [operation.name for operation in block.operations if isinstance(operation, nodes.SetHeader)]
    if direction == "request":
        names += [header.name for token in ground.symbols.identity_tokens.values() for header in token.header]
    return {fold(spelling(name)): spelling(name) for name in names}


def _removers(direction: str, ground: Ground) -> Iterable[tuple[str, bool]]:
    for block in ground.symbols.headers:
        for operation in block.operations if block.direction == direction else ():
            if isinstance(operation, nodes.RemoveHeader):
                for name in operation.names:
                    stem = spelling(name).removesuffix("*")
                    yield fold(stem), stem != spelling(name)


def _token(expectation: ast.ExpectToken, ground: Ground) -> None:
    name, tokens, sink = expectation.name, ground.symbols.identity_tokens, ground.sink
    if not _known("identity token", name, tokens, ground) or expectation.facts is None:
        return
    minted = {claim.name.text for block in tokens[name.text].claims for claim in block} | set(_MINTED)
    for fact in distinct("fact", expectation.facts, lambda given: given.name.text, sink):
        if fact.name.text not in minted:
            near = ground.symbols.guess(fact.name.text, minted)
            owner = f"identity token `{name.text}`"
            sink.add(errors_tests.fact_unknown(fact.name.text, owner, near, tuple(sorted(minted)), fact.name.span))
        elif fact.kind not in {"value", "absent"}:
            sink.add(errors.no_exact_value(fact.name.text, fact.span))
        elif isinstance(fact.value, nodes.Str | nodes.Int | nodes.Bool | nodes.StrSet):
            literal_value("an expected value", fact.value, sink)


def _shadow(expectation: ast.ExpectShadow, ground: Ground) -> None:
    rules = {name: rule for name, rule in ground.symbols.rules.items() if rule.effect == expectation.effect}
    if expectation.name.text not in rules:
        near = ground.symbols.guess(expectation.name.text, rules)
        kind = expectation.effect
        ground.sink.add(errors_names.unknown_name(kind, expectation.name.text, expectation.name.span, near))
