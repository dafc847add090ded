import pytest

from tests.policylang.check.rule_sets import CORP, ORDERS, checked, only, told

POLICIES = {
    "daily": "quota 10 per day",
    "utc": 'quota 20 per day in "UTC"',
    "berlin": 'quota 10 per day in "Europe/Berlin"',
    "monthly": "quota 10 per month",
    "anchored": "quota 10 per 30d from first use",
    "longer": "quota 10 per 31d from first use",
    "endless": "quota unlimited",
    "rated": "rate 5 per 1s burst 5",
}


def meeting(first: str, second: str, conditions: tuple[str, str]) -> list[str]:
    policies = "".join(f"policy {name} {{ {POLICIES[name]} }}\n" for name in (first, second))
    arms = f"add {first} {conditions[0]}  add {second} {conditions[1]}"
    return told(policies + f"select policies on orders {{ {arms}  refuse otherwise }}\n")


FREE = ('when "a" in claims.scope', 'when "b" in claims.scope')


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("daily", "utc", False),
        ("daily", "berlin", True),
        ("daily", "monthly", True),
        ("daily", "anchored", True),
        ("anchored", "longer", True),
        ("daily", "endless", False),
        ("monthly", "rated", False),
    ],
)
def test_windows_that_meet(first: str, second: str, clash: bool) -> None:
    assert meeting(first, second, FREE) == (["R505"] if clash else [])
    assert meeting(second, first, FREE) == (["R505"] if clash else [])


def test_arms_that_exclude_each_other_may_count_as_they_like() -> None:
    assert meeting("daily", "monthly", ('when claims.plan == "gold"', 'when claims.plan == "free"')) == []
    assert meeting("daily", "monthly", ("when claims.risk absent", "when claims.risk present")) == []


def test_an_otherwise_meets_no_other_arm() -> None:
    policies = f"policy aaa {{ {POLICIES['daily']} }}\npolicy bbb {{ {POLICIES['monthly']} }}\n"
    arms = 'add aaa when "a" in claims.scope  add bbb otherwise'
    assert told(policies + f"select policies on orders {{ {arms} }}\n") == []


def test_a_select_policy_merges_nothing() -> None:
    policies = f"policy aaa {{ {POLICIES['daily']} }}\npolicy bbb {{ {POLICIES['monthly']} }}\n"
    assert told(policies + 'select policy on orders { use aaa when "a" in claims.scope  use bbb otherwise }\n') == []


def test_a_set_of_policies_meets_itself() -> None:
    text = (
        f"policy aaa {{ {POLICIES['daily']} }}\npolicy bbb {{ {POLICIES['monthly']} }}\n"
        'metadata { fresh within 30s  plans: set of one of "aaa", "bbb" default [] }\n'
        "select policies on orders { add metadata.plans  refuse otherwise }\n"
    )
    (diagnostic,) = checked(text + CORP + ORDERS).diagnostics
    assert diagnostic.code == "R505"
    assert [label.text for label in diagnostic.labels] == [
        "`bbb` counts per month in UTC",
        "`aaa` counts per day in UTC",
    ]


def test_both_arms_are_shown_the_later_one_with_carets() -> None:
    policies = f"policy aaa {{ {POLICIES['daily']} }}\npolicy bbb {{ {POLICIES['monthly']} }}\n"
    one, other = 'add aaa when "a" in claims.scope', 'add bbb when "b" in claims.scope'
    text = policies + f"select policies on orders {{ {one}  {other}  refuse otherwise }}\n"
    diagnostic = only(text)
    start = len("language 1\n")
    assert [text[label.span.start - start : label.span.end - start] for label in diagnostic.labels] == [other, one]
