"""L005: implied denies."""

from tests.policylang.linter.linting import places

WIDE = "deny risky on orders when claims.risk absent or claims.risk > 50\n"


def test_the_narrower_one_is_found() -> None:
    assert places("L005", f"{WIDE}deny no_risk on orders when claims.risk absent\n") == ["no_risk"]


def test_of_two_equal_ones_the_later_by_name() -> None:
    assert places("L005", WIDE + WIDE.replace("risky", "again")) == ["risky"]
    assert places("L005", WIDE + WIDE.replace("risky", "zzz")) == ["zzz"]


def test_another_answer_is_another_deny() -> None:
    assert places("L005", f'{WIDE}deny no_risk on orders when claims.risk absent answer step_up "mfa"\n') == []


def test_a_deny_that_may_fault_denies_by_that() -> None:
    metadata = "metadata { blocked: bool default false }\n"
    narrow = "deny blocked on orders when metadata.blocked and claims.risk absent\n"
    assert places("L005", metadata + WIDE + narrow) == []


def test_always_on_a_wider_scope() -> None:
    assert places("L005", f"{WIDE}deny closed on all always\n") == ["risky"]


def test_a_wide_scope_is_not_made_superfluous_by_a_name() -> None:
    wide = "deny narrow on routes with path.tenant when claims.risk present and claims.risk > 90\n"
    assert places("L005", WIDE + wide) == []
    assert places("L005", WIDE.replace("on orders", "on all") + wide) == ["narrow"]
    assert places("L005", WIDE.replace("on orders", "on routes with path.tenant") + wide) == ["narrow"]
