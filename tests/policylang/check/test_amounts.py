import pytest

from policylang.check.amounts import window
from policylang.check.model import Concurrency, Quota, Rate
from tests.policylang.check.rule_sets import only, sound, told


def policy(amount: str) -> str:
    return f"policy p {{ {amount} }}\nselect policy on orders {{ use p otherwise }}\n"


@pytest.mark.parametrize(
    ("amount", "meant"),
    [
        ("rate 1 per 1ms burst 1", Rate(1, 1_000, 1)),
        ("rate 1_000_000_000 per 366d burst 1_000_000_000", Rate(10**9, 366 * 86_400_000_000, 10**9)),
        ("rate 1 per 365d burst 100", Rate(1, 365 * 86_400_000_000, 100)),
        ("rate 3 per 365d burst 300", Rate(3, 365 * 86_400_000_000, 300)),
        ("quota 5 per day", Quota(5, "day", None)),
        ('quota 5 per week in "Europe/Berlin"', Quota(5, "week", "Europe/Berlin")),
        ("quota 5 per 30d from first use", Quota(5, 30 * 86_400_000_000, None)),
        ("quota unlimited", Quota(None, None, None)),
        ("quota 4 per day lease 2", Quota(4, "day", None, 2)),
        ('quota 5 per week in "Europe/Berlin" lease 2', Quota(5, "week", "Europe/Berlin", 2)),
        ("quota 1_000 per 30d from first use lease 500", Quota(1_000, 30 * 86_400_000_000, None, 500)),
        ("concurrent 1 held at most 1s", Concurrency(1, 1_000_000)),
        ("concurrent 10_000 held at most 24h", Concurrency(10_000, 86_400_000_000)),
    ],
)
def test_amounts(amount: str, meant: Rate | Quota | Concurrency) -> None:
    made = sound(policy(amount)).policies["p"]
    assert (made.rate or made.quota or made.concurrency) == meant


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
        ("concurrent 0 held at most 1s", "R259"),
        ("concurrent 10_001 held at most 1s", "R259"),
        ("concurrent 1 held at most 999ms", "R258"),
        ("concurrent 1 held at most 25h", "R258"),
        ("rate 5 per 1s burst 10 lease 2", "R509"),
        ("quota 5 per day lease 3", "R510"),
        ("quota 5 per day lease 1", "R510"),
        ("quota 5 per day lease 0", "R510"),
        ("quota 3 per day lease 2", "R510"),
        ("quota unlimited lease 2", "R511"),
        ("rate 1 per 365d burst 101", "R512"),
        ("rate 1 per 366d burst 100", "R512"),
        ("rate 3 per 365d burst 301", "R512"),
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
