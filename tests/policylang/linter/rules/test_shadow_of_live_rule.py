"""L041: shadows that were left behind."""

import pytest

from tests.policylang.linter.linting import places

LIVE = "deny risky on orders when claims.risk absent\n"


@pytest.mark.parametrize(
    ("shadow", "found"),
    [
        ("shadow deny soon on orders when claims.risk absent\n", True),
        ("shadow deny soon on orders for GET when claims.risk absent\n", True),
        ("shadow allow soon on orders when claims.risk absent\n", False),
        ('shadow deny soon on orders when claims.plan == "free"\n', False),
    ],
)
def test_by_effect_and_condition(shadow: str, found: bool) -> None:
    assert places("L041", LIVE + shadow) == (["soon"] if found else [])


def test_a_wider_scope_is_news() -> None:
    other = 'route other { match GET on "/other"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    allow = 'allow other on other when claims.plan == "gold"\n'
    assert places("L041", f"{other}{allow}{LIVE}shadow deny soon on all when claims.risk absent\n") == []
