import pytest

from policylang.check.model import Quota, Rate, Ref
from tests.policylang.check.rule_sets import HEALTH, only, route, sound, told

RATE = "rate 10 per 1s burst 20"


def limit(key: str, amount: str = RATE, scope: str = "orders") -> str:
    return f"limit lim on {scope} by {key} {{ {amount}  on outage deny }}\n"


@pytest.mark.parametrize(
    ("key", "amount", "meant"),
    [
        ("identity", RATE, Rate(10, 1_000_000, 20)),
        ("route", "quota 5 per day", Quota(5, "day", None)),
    ],
)
def test_what_a_limit_says_arrives(key: str, amount: str, meant: Rate | Quota) -> None:
    (made,) = sound(limit(key, amount)).limits
    assert (made.key, made.amount, made.on_outage, made.routes) == (key, meant, "deny", ("orders",))


@pytest.mark.parametrize("key", ["claims.tenant", "path.tenant", "client.ip", "claims.plan"])
def test_a_limit_may_count_a_value(key: str) -> None:
    (made,) = sound(limit(key)).limits
    assert isinstance(made.key, Ref)
    assert f"{made.key.root}.{made.key.name}" == key


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (limit("identity", "quota unlimited"), ["R507"]),
        (limit("identity", "rate 0 per 1s burst 1"), ["R259"]),
        (limit("claims.risk"), ["R204"]),
        (limit("claims.scope"), ["R230"]),
        (limit("claims.nothing"), ["R201"]),
        (limit('header["X-Key"]'), ["R204"]),
        (HEALTH + limit("identity", scope="health"), ["R508"]),
        (HEALTH + limit("identity", scope="all"), ["R508"]),
        (HEALTH + limit("route", scope="all"), []),
        (HEALTH + limit("client.ip", scope="all"), []),
        (HEALTH + limit("claims.sub", scope="health"), ["R205"]),
        (route("shop", trust="corp, anonymous") + limit("identity", scope="shop"), ["R508"]),
        (route("shop", trust="corp, anonymous") + limit("claims.sub", scope="shop"), ["R204"]),
        (limit("claims.sub", scope="ordrs"), ["R252"]),
    ],
)
def test_limits(text: str, codes: list[str]) -> None:
    assert told(text) == codes


def test_the_routes_without_an_identity_are_named() -> None:
    diagnostic = only(HEALTH + route("shop", trust="corp, anonymous") + limit("identity", scope="all"))
    assert "`health` and `shop`" in diagnostic.title
    assert diagnostic.help[0] == "count by address instead:  by client.ip"
