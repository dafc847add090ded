"""L037: rules that no test names."""

from policylang.linter.rules.rule_without_test import RULE
from tests.policylang.linter.linting import findings, places

DENY = "deny risky on orders when claims.risk absent\n"
STEP_UP = ' answer step_up "mfa"\n'


def test_allows_and_denies_but_no_shadows() -> None:
    text = f'{RULE.bad}{DENY}shadow deny later on orders when claims.plan == "free"\n'
    assert places("L037", text) == ["read", "risky"]


def test_a_test_that_names_another_rule_is_none_for_this_one() -> None:
    assert places("L037", RULE.good + DENY) == ["risky"]


def test_the_help_is_for_the_effect() -> None:
    said = {
        found.help[0] for found in findings("L037", RULE.bad + DENY + DENY.replace("risky", "weak").strip() + STEP_UP)
    }
    assert any("expect deny 401 by weak }" in text for text in said)
    assert any("expect deny 403 by risky" in text for text in said)
    assert any("expect allow by read" in text for text in said)
