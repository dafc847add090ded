import pytest

from tests.policylang.syntax.reading import item, shape

COUNT = ("Int", 5)
DAY = ("Duration", 86_400_000_000, "1d")
ALL = ("Scope", "all", ())
NAME = ("Name", "p")
PLAN = ("Ref", "claims", "plan")
COND = ("LetRef", "c")


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("rate 5 per 1d burst 5", ("Rate", COUNT, DAY, COUNT, None)),
        ("rate 5 per 1d burst 5 lease 5", ("Rate", COUNT, DAY, COUNT, COUNT)),
        ("quota 5 per day", ("Quota", COUNT, "day", None, None)),
        ("quota 5 per day lease 5", ("Quota", COUNT, "day", None, COUNT)),
        ("quota 5 per week", ("Quota", COUNT, "week", None, None)),
        ('quota 5 per month in "Europe/Berlin"', ("Quota", COUNT, "month", ("Str", "Europe/Berlin", ()), None)),
        ('quota 5 per month in "UTC" lease 5', ("Quota", COUNT, "month", ("Str", "UTC", ()), COUNT)),
        ("quota 5 per 1d from first use", ("Quota", COUNT, DAY, None, None)),
        ("quota 5 per 1d from first use lease 5", ("Quota", COUNT, DAY, None, COUNT)),
        ("quota unlimited", ("Quota", None, None, None, None)),
        ("quota unlimited lease 5", ("Quota", None, None, None, COUNT)),
        ("concurrent 5 held at most 1d", ("Concurrency", COUNT, DAY)),
        ('grants "a", "b"', ("Grants", (("Str", "a", ()), ("Str", "b", ())))),
    ],
)
def test_policy_fields(written: str, meaning: object) -> None:
    assert shape(item(f"policy p {{ {written} }}")) == ("Policy", NAME, (meaning,))


@pytest.mark.parametrize(
    ("arm", "meaning"),
    [
        ("use p when c", ("Arm", NAME, COND, False)),
        ("use p otherwise", ("Arm", NAME, None, True)),
        ("use claims.plan", ("Arm", PLAN, None, False)),
        ("use claims.plan when c", ("Arm", PLAN, COND, False)),
        ("refuse otherwise", ("Arm", None, None, True)),
    ],
)
def test_arms_of_select_policy(arm: str, meaning: object) -> None:
    assert shape(item(f"select policy on all {{ {arm} }}")) == ("Select", False, ALL, (meaning,))


@pytest.mark.parametrize(
    ("arm", "meaning"),
    [
        ("add p when c", ("Arm", NAME, COND, False)),
        ("add p always", ("Arm", NAME, None, False)),
        ("add p otherwise", ("Arm", NAME, None, True)),
        ("add claims.plan", ("Arm", PLAN, None, False)),
        ("add claims.plan when c", ("Arm", PLAN, COND, False)),
        ("refuse otherwise", ("Arm", None, None, True)),
    ],
)
def test_arms_of_select_policies(arm: str, meaning: object) -> None:
    assert shape(item(f"select policies on all {{ {arm} }}")) == ("Select", True, ALL, (meaning,))


def test_arms_keep_their_order() -> None:
    node = item("select policy on all { use a when c use b when d use claims.plan use e otherwise }")
    assert [shape(arm.policy) for arm in node.arms] == [("Name", "a"), ("Name", "b"), PLAN, ("Name", "e")]


@pytest.mark.parametrize(
    ("key", "meaning"),
    [
        ("identity", ("LimitKey", "identity", None)),
        ("route", ("LimitKey", "route", None)),
        ("claims.plan", ("LimitKey", "ref", PLAN)),
        ('header["X-A"]', ("LimitKey", "ref", ("HeaderRef", ("Str", "X-A", ())))),
    ],
)
@pytest.mark.parametrize("outage", ["allow", "deny"])
def test_limits(key: str, meaning: object, outage: str) -> None:
    node = item(f"limit p on all by {key} {{ quota 5 per day on outage {outage} }}")
    assert shape(node) == ("Limit", NAME, ALL, meaning, ("Quota", COUNT, "day", None, None), outage)


def test_a_limit_of_concurrent_requests() -> None:
    node = item("limit p on all by identity { concurrent 5 held at most 1d on outage deny }")
    assert shape(node.amount) == ("Concurrency", COUNT, DAY)
