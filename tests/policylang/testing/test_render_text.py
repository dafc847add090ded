from dataclasses import replace

from policylang.diagnostics.render_text import ANSI, PLAIN, Paint
from policylang.explain.render_text import render_text as explanation
from policylang.source.tree import SourceTree
from policylang.testing.model import SuiteResult
from policylang.testing.render_text import render_text
from policylang.testing.suite import cases_of, engines_of, run_suite
from tests.policylang.testing.worlds import ASK, compiled


def rendered(tests: str, base: str = "", paint: Paint = PLAIN) -> str:
    result, tree = run(tests)
    return render_text(result, tree, "rules", base, paint)


def run(tests: str) -> tuple[SuiteResult, SourceTree]:
    done = compiled(tests)
    assert done.module is not None
    assert done.plan is not None
    return run_suite(cases_of(done.module), engines_of(done.module, done.plan), lambda _: None), done.tree


def test_a_run_without_failures_is_one_line() -> None:
    assert rendered("") == "rules: 1 test passed\n"
    assert rendered(f'test "t" {{ {ASK} expect allow }}') == "rules: 2 tests passed\n"


def test_a_failure_has_its_place_both_sides_and_the_explanation() -> None:
    result, tree = run(f'test "t" {{\n  {ASK}\n  expect allow by write\n}}')
    text = render_text(result, tree, "rules", "r/")
    head, _, rest = text.partition("\n\n")
    assert head == "FAILED  t  (r/a.tests.rules:2:6)"
    sides, _, explained = rest.partition("\n\n")
    assert sides == "  r/a.tests.rules:4:16: decided by\n    expected  write\n    actual    read"
    reason = result.failed[0].failures[0].tree
    assert reason is not None
    told = "".join(f"    {line}\n" for line in explanation(reason).splitlines())
    assert explained == told + "\nrules: 1 of 2 tests failed\n"


def test_failures_of_one_answer_share_its_explanation() -> None:
    text = rendered(f'test "t" {{ {ASK} expect allow by write policy gold repeat 1 expect deny 403 }}')
    assert (text.count("expected  "), text.count("allow read is true")) == (3, 2)
    assert text.index("gold") < text.index("allow read is true")


def test_a_disagreement_is_loud_and_not_the_rules_fault() -> None:
    result, tree = run(f'test "t" {{ {ASK} expect deny 403 }}')
    outcome = result.failed[0]
    broken = replace(outcome, failures=(replace(outcome.failures[0], kind="disagreement", expected="a", actual="b"),))
    text = render_text(SuiteResult((broken,)), tree, "rules")
    assert text.startswith("DISAGREEMENT  t")
    assert "the reference decides  a\n    the plan decides       b\n" in text
    assert "fault of policylang" in text
    assert text.endswith("rules: 1 of 1 test failed\n")


def test_titles_and_values_cannot_drive_the_terminal() -> None:
    text = rendered(f'test "\\u{{1b}}[2J" {{ {ASK} header X-Other "1" expect deny 403 }}'.replace("\\u{1b}", r"\u{1b}"))
    assert "\x1b" not in text
    assert "FAILED  \ufffd[2J" in text


def test_colours_only_where_they_are_wanted() -> None:
    tests = f'test "t" {{ {ASK} expect deny 403 }}'
    assert "\x1b[1;31mFAILED" in rendered(tests, paint=ANSI)
    assert "\x1b" not in rendered(tests)
