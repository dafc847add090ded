import pytest

from policylang.check.model import Quota, Rate
from tests.policylang.check.rule_sets import sound, told


def policy(fields: str) -> str:
    return f"policy p {{ {fields} }}\nselect policy on orders {{ use p otherwise }}\n"


def test_what_a_policy_says_arrives() -> None:
    made = sound(policy('rate 5 per 1s burst 10  quota 9 per month  grants "b", "a"')).policies["p"]
    assert made.rate == Rate(5, 1_000_000, 10)
    assert made.quota == Quota(9, "month", None)
    assert made.grants == {"a", "b"}


def test_a_policy_may_say_nothing() -> None:
    made = sound(policy("")).policies["p"]
    assert (made.rate, made.quota, made.grants) == (None, None, frozenset())


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ("rate 5 per 1s burst 1 rate 5 per 1s burst 1", ["R255"]),
        ("quota unlimited quota 5 per day", ["R255"]),
        ('grants "a" grants "b" grants "c"', ["R255", "R255"]),
        ('grants "a", "a"', ["R254"]),
        ('grants ""', ["R260"]),
        ('grants "a\\nb"', ["R261"]),
        ('grants "{claims.plan}"', ["R257"]),
    ],
)
def test_fields(fields: str, codes: list[str]) -> None:
    assert told(policy(fields)) == codes
