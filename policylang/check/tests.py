"""Test blocks: what they give and what they expect must exist, so that a test which passes has proved something."""

from collections.abc import Sequence

from policylang.check import errors_names, errors_rows
from policylang.check import errors_tests as errors
from policylang.check.bounds import SECOND, number
from policylang.check.environment import Sink
from policylang.check.expected import check_expected
from policylang.check.facts import check_metadata, check_token
from policylang.check.ground import Ground
from policylang.check.questions import check_request, check_used
from policylang.check.rows import Example, examples
from policylang.source.spans import Span
from policylang.source.tree import is_tests_file
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast

MOST_REPEATS = 10_000
"""Beyond that, ``used`` says in one step what would take seconds."""

START = 1_767_268_800
"""2026-01-01T12:00:00Z: when a test happens that does not say when, in seconds since 1970."""

LATEST = 221_845_392_000
"""9000-01-01T00:00:00Z: calendars end in the year 9999, and a quota's window may end long after a request."""

_NOUNS = {"IdentityToken": "identity token", "Headers": "headers block"}


def check_tests(ground: Ground) -> None:
    """Complain of all that is wrong in test blocks and fixtures, and of rules in files of tests."""
    titles: dict[str, ast.Test] = {}
    for test in ground.symbols.tests:
        title = test.title.value
        first = titles.setdefault(title, test)
        if first is not test:
            ground.sink.add(errors_names.duplicate_name("test", title, test.title.span, first.title.span))
        for example in examples(test, ground.symbols.givens, ground.sink.add):
            _example(example, ground)
    _fixtures(ground)


def check_files(rule_set: nodes.RuleSet, sink: Sink) -> None:
    """Complain of what is no test in files of tests: where rules are shipped without them, it would be lost."""
    for file in rule_set.files:
        if is_tests_file(file.path):
            for item in file.items:
                if not isinstance(item, nodes.TestItem):
                    sink.add(errors_rows.not_a_test(_noun(item), file.path, _place(item)))


def _noun(item: nodes.Item) -> str:
    if isinstance(item, nodes.Rule):
        return item.effect
    name = type(item).__name__
    return _NOUNS.get(name, name.lower())


def _place(item: nodes.Item) -> Span:
    name = getattr(item, "name", None)
    return name.span if isinstance(name, nodes.Name) else item.span


def _fixtures(ground: Ground) -> None:
    """Fixtures are checked where tests use them; those that no test uses are checked by themselves."""
    used = {step.name.text for test in ground.symbols.tests for step in test.steps if isinstance(step, ast.GivenStep)}
    for name, given in ground.symbols.givens.items():
        if name not in used:
            ground.sink.add(errors_rows.fixture_unused(name, given.name.span))
            alone = ast.Test(given.span, nodes.Str(given.name.span, name), given.steps)
            for example in examples(alone, {}, ground.sink.add):
                _given(example.steps, ground)


def _example(example: Example, ground: Ground) -> None:
    trouble = _order(example)
    if trouble is None:
        _given(example.steps, ground)
    else:
        reason, place = trouble
        ground.sink.add(errors.test_pointless(example.title.partition(" [row ")[0], reason, place))
        _given([step for step in example.steps if not isinstance(step, ast.TokenStep) or step.issuer], ground)


def _order(example: Example) -> tuple[str, Span] | None:
    """What makes a test prove nothing, and where; the first such thing."""
    now = START * SECOND
    asked = expected = looked = clock = token = False
    pending: nodes.Node | None = None
    last: nodes.Node | None = None
    for step in example.steps:
        now = _clock(step, now)
        if now >= LATEST * SECOND:
            return "goes beyond the year 9000", step.span
        match step:
            case ast.AtStep() if token and not clock and not asked:
                return "sets the clock after its token was made", step.span
            case ast.AtStep():
                clock = True
            case ast.TokenStep(issuer=None) if not token:
                return "changes a token before it has one", step.span
            case ast.TokenStep():
                token = True
            case ast.RawTokenStep():
                token = False
            case ast.UsedStep():
                pending = step
            case ast.RequestStep():
                asked, looked, pending, last = True, False, None, step
            case ast.RepeatStep() if not asked:
                return "repeats a request before any request", step.span
            case ast.RepeatStep():
                looked, pending, last = False, None, step
            case ast.ExpectStep() if not asked:
                return "expects an answer before any request", step.span
            case ast.ExpectStep():
                expected = looked = True
    if not asked:
        return "sends no request", example.span
    if not expected:
        return "expects nothing", example.span
    if pending is not None:
        return "uses up a limit after its last request", pending.span
    if not looked and last is not None:
        return "expects nothing of its last request", last.span
    return None


def _clock(step: ast.Step, now: int) -> int:
    match step:
        case ast.AtStep(instant=instant):
            return instant.seconds * SECOND
        case ast.AfterStep(duration=duration):
            return now + duration.micros
        case _:
            return now


def _given(steps: Sequence[ast.Step], ground: Ground) -> None:
    issuer: str | None = None
    sent: list[ast.RequestPart] = []
    for step in steps:
        match step:
            case ast.TokenStep():
                issuer = issuer if step.issuer is None else step.issuer.text
                check_token(step, issuer, ground)
            case ast.MetadataStep(facts=facts) if facts is not None:
                check_metadata(facts, ground)
            case ast.UsedStep():
                check_used(step.count, step.counter, ground)
            case ast.RequestStep():
                check_request(step, ground)
                sent = [part for part in step.parts if part.kind == "header"]
            case ast.RepeatStep(count=count):
                number("a repetition", count, 1, MOST_REPEATS, ground.sink)
            case ast.ExpectStep():
                check_expected(step, sent, ground)
