import pytest

from policylang.check.amounts import window
from policylang.check.model import Quota, Rate
from tests.policylang.check.rule_sets import only, sound, told


def policy(amount: str) -> str:
    return f"policy p {{ {amount} }}\nselect policy on orders {{ use p otherwise }}\n"


@pytest.mark.parametrize(
    ("amount", "meant"),
    [
        ("rate 1 per 1ms burst 1", Rate(1, 1_000, 1)),
        ("rate 1_000_000_000 per 366d burst 1_000_000_000", Rate(10**9, 366 * 86_400_000_000, 10**9)),
        ("quota 5 per day", Quota(5, "day", None)),
        ('quota 5 per week in "Europe/Berlin"', Quota(5, "week", "Europe/Berlin")),
        ("quota 5 per 30d from first use", Quota(5, 30 * 86_400_000_000, None)),
        ("quota unlimited", Quota(None, None, None)),
    ],
)
def test_amounts(amount: str, meant: Rate | Quota) -> None:
    made = sound(policy(amount)).policies["p"]
    assert (made.rate or made.quota) == meant


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("rate 0 per 1s burst 1", "R259"),
        ("rate 1 per 1s burst 0", "R259"),
        ("rate 1_000_000_001 per 1s burst 1", "R259"),
        ("rate 1 per 0s burst 1", "R258"),
        ("rate 1 per 367d burst 1", "R258"),
        ("quota 0 per day", "R259"),
        ("quota 5 per 367d from first use", "R258"),
        ('quota 5 per day in "Nowhere/Town"', "R500"),
        ('quota 5 per day in "europe/berlin"', "R500"),
        ('quota 5 per day in "localtime"', "R500"),
        ('quota 5 per day in "../../etc/passwd"', "R500"),
        ('quota 5 per day in ""', "R500"),
        ('quota 5 per day in "{claims.sub}"', "R257"),
    ],
)
def test_what_is_out_of_bounds(amount: str, code: str) -> None:
    assert told(policy(amount)) == [code]


def test_the_zone_that_was_meant() -> None:
    assert only(policy('quota 5 per day in "Europe/Berln"')).help == ("did you mean `Europe/Berlin`?",)


def test_windows_without_a_zone_are_those_of_utc() -> None:
    assert window(Quota(1, "day", None)) == window(Quota(2, "day", "UTC"))
    assert window(Quota(1, "day", None)) != window(Quota(1, "day", "Europe/Berlin"))
    assert window(Quota(1, "day", None)) != window(Quota(1, "week", None))
    assert window(Quota(1, 5, None)) == window(Quota(9, 5, None))
    assert window(Quota(1, 5, None)) != window(Quota(1, 6, None))
