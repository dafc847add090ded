"""L039: trials without an end."""

from tests.policylang.linter.linting import places


def test_both_shadows_and_no_live_rule() -> None:
    rules = (
        "shadow deny a on orders when claims.risk absent\n"
        'shadow allow b on orders when claims.plan == "gold"\n'
        "deny c on orders when claims.risk absent\n"
        "shadow deny d on orders when claims.risk absent until 2030-01-01T00:00:00Z\n"
    )
    assert places("L039", rules) == ["a", "b"]
