from dataclasses import dataclass, field, replace

from policylang.check.model import Arm, Rule, Select, TypedExpr
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.testing.model import Outcome
from policylang.testing.suite import cases_of, engines_of, run_case, run_suite
from tests.policylang.testing.worlds import ASK, compiled, ready


@dataclass
class Seen:
    """A tracer that remembers which rules were asked."""

    rules: set[str] = field(default_factory=set)

    def saw(self, expr: TypedExpr, value: object) -> None:
        """Not looked at."""

    def held(self, rule: Rule, value: object) -> None:
        self.rules.add(rule.name)

    def decided(self, ask: Ask, decision: Decision) -> None:
        """Not looked at."""

    def took(self, select: Select, arm: Arm | None) -> None:
        """Not looked at."""


def test_cases_are_in_the_order_of_the_files_and_rows_are_cases() -> None:
    module = compiled(
        'test "b" { row { p: "/x" } row { p: "/y" } request GET row.p expect deny 404 }\n'
        'test "a" { request GET "/x" expect deny 404 }',
        others={"z.tests.rules": 'language 1\ntest "z" { request GET "/x" expect deny 404 }'},
    ).module
    assert module is not None
    titles = ["b [row 1]", "b [row 2]", "a", "every fixture is used", "z"]
    assert [case.title for case in cases_of(module)] == titles
    assert [case.row for case in cases_of(module)] == [1, 2, 0, 0, 0]


def test_a_run_tells_each_outcome_and_keeps_them_in_order() -> None:
    cases, engines = ready(f'test "b" {{ {ASK} expect allow }}\ntest "a" {{ {ASK} expect deny 403 }}')
    heard: list[Outcome] = []
    result = run_suite(cases, engines, heard.append)
    assert result.outcomes == tuple(heard)
    assert [outcome.case.title for outcome in result.outcomes] == ["b", "a"]
    assert ([outcome.case.title for outcome in result.failed], result.passed) == (["a"], False)


def test_nothing_run_is_nothing_failed() -> None:
    _, engines = ready("")
    assert run_suite((), engines, lambda _: None).passed


def test_engines_have_made_up_secrets() -> None:
    result = compiled("")
    assert result.module is not None
    assert result.plan is not None
    engines = engines_of(result.module, result.plan)
    assert engines.compiled.secrets == {"upstream_key": "test-secret-upstream_key"}


def test_a_tracer_hears_what_the_reference_looks_at() -> None:
    (case,), engines = ready(f'test "t" {{ {ASK} expect allow }}')
    seen = Seen()
    assert run_case(case, replace(engines, tracer=seen)).passed
    assert {"read", "cross_tenant"} <= seen.rules
