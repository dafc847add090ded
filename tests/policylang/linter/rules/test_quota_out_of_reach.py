"""L034: rate times time against the quota, at its bound."""

import pytest

from tests.policylang.linter.linting import findings, places


def policy(rate: str, quota: str) -> str:
    return f"policy free {{ rate {rate}   quota {quota} }}\nselect policy on orders {{ use free otherwise }}\n"


@pytest.mark.parametrize(
    ("rate", "quota", "found"),
    [
        ("1 per 1h burst 5", "30 per day", False),  # 25 hours, where clocks are put back, and the burst
        ("1 per 1h burst 5", "31 per day", True),
        ("1 per 1h burst 5", "174 per week", False),
        ("1 per 1h burst 5", "175 per week", True),
        ("1 per 1h burst 5", "750 per month", False),
        ("1 per 1h burst 5", "751 per month", True),
        ("1 per 1min burst 1", "61 per 1h from first use", False),
        ("1 per 1min burst 1", "62 per 1h from first use", True),
        ("1 per 1h burst 5", "unlimited", False),
    ],
)
def test_at_the_bound(rate: str, quota: str, found: bool) -> None:
    assert places("L034", policy(rate, quota)) == (["free"] if found else [])


def test_the_number_is_told() -> None:
    assert "at most 30 requests" in findings("L034", policy("1 per 1h burst 5", "1_000 per day"))[0].title


def test_a_quota_without_a_rate_is_reached() -> None:
    text = "policy free { quota 1_000_000 per day }\nselect policy on orders { use free otherwise }\n"
    assert places("L034", text) == []
