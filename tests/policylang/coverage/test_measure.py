from policylang.coverage.measure import measure
from policylang.testing.suite import cases_of, engines_of
from tests.policylang.coverage.measured import ROUTES, compiled, gaps

RULES = 'allow z on both, solo always\ndeny d on solo when claims.plan == "gold"\n'
TEST = 'test "free" { token corp { sub: "u" }  request GET "/solo"  expect allow by z }\n'


def test_what_the_cases_see() -> None:
    result = compiled(ROUTES + RULES + TEST)
    assert result.module is not None
    assert result.plan is not None
    engines = engines_of(result.module, result.plan)
    coverage = measure(result.tree, cases_of(result.module), engines)
    assert gaps(coverage, "condition", "rule") == [("deny d", "never decides"), ('claims.plan == "gold"', "never true")]
    assert measure(result.tree, (), engines).share.met == 0


def test_a_failing_test_has_seen_what_it_has_seen() -> None:
    result = compiled(ROUTES + RULES + TEST.replace("allow by z", "deny 403"))
    assert result.module is not None
    assert result.plan is not None
    coverage = measure(result.tree, cases_of(result.module), engines_of(result.module, result.plan))
    assert ('claims.plan == "gold"', "never true") in gaps(coverage)
