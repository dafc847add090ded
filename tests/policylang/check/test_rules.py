import pytest

from policylang.check.model import And, IssuerIs, Not, Rule
from tests.policylang.check.rule_sets import HEALTH, only, route, sound, told


def rule(text: str, name: str = "x") -> Rule:
    return next(rule for rule in sound(text + "\n").rules if rule.name == name)


def test_what_a_rule_says_arrives() -> None:
    made = rule('deny x on orders for POST, GET when claims.risk absent answer step_up "mfa"')
    assert (made.effect, made.routes, made.methods, made.step_up) == ("deny", ("orders",), ("GET", "POST"), "mfa")
    assert made.until is None
    assert isinstance(made.condition, Not)


def test_always_is_no_condition() -> None:
    made = rule("shadow allow x on orders always until 2030-01-01T00:00:00Z")
    assert (made.condition, made.methods, made.until) == (None, (), 1893456000)


def test_unless_is_part_of_the_condition() -> None:
    made = rule('deny x on orders when claims.plan == "free" unless claims.tenant == "acme"')
    assert isinstance(made.condition, And)
    assert isinstance(made.condition.operands[1], Not)


def test_what_when_guards_is_guarded_in_unless() -> None:
    assert told("deny x on orders when claims.risk present unless claims.risk < 50\n") == []
    assert told('deny x on orders when claims.plan == "free" unless claims.risk < 50\n') == ["R204"]


def test_rules_are_sorted_by_effect_and_name() -> None:
    text = (
        "deny b on orders when claims.risk absent\nallow c on orders always\ndeny a on orders when claims.risk absent\n"
    )
    assert [(r.effect, r.name) for r in sound(text).rules] == [
        ("allow", "c"), ("allow", "read"), ("deny", "a"), ("deny", "b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("allow x on all always", ["R284"]),
        ("shadow allow x on all when claims.risk absent", []),
        ("deny x on all when claims.risk absent", []),
        ("deny x on orders when claims.risk absent until 2030-01-01T00:00:00Z", ["R310"]),
        ("shadow deny x on orders when claims.risk absent until 2030-01-01T00:00:00Z", []),
        ("allow x on orders always until 2030-01-01T00:00:00Z", []),
        ('allow x on orders always answer step_up "a"', ["R311"]),
        ('shadow deny x on orders always answer step_up "a"', ["R311"]),
        ('deny x on orders when claims.risk absent answer step_up "urn:mfa:2"', []),
        ('deny x on orders when claims.risk absent answer step_up ""', ["R312"]),
        ('deny x on orders when claims.risk absent answer step_up "a b"', ["R312"]),
        ('deny x on orders when claims.risk absent answer step_up "a\\"b"', ["R312"]),
        ('deny x on orders when claims.risk absent answer step_up "a\\\\b"', ["R312"]),
        ('deny x on orders when claims.risk absent answer step_up "é"', ["R312"]),
        ('deny x on orders when claims.risk absent answer step_up "{claims.sub}"', ["R257"]),
        ("deny x on orders for DELETE when claims.risk absent", ["R309"]),
        ("deny x on orders for GET, PATCH, PUT when claims.risk absent", ["R309", "R309"]),
        ("deny x on orders for GET, GET when claims.risk absent", ["R254"]),
        ("deny x on ordrs for DELETE when claims.risk absent", ["R252"]),
    ],
)
def test_rules(text: str, codes: list[str]) -> None:
    assert told(text + "\n") == codes


def test_a_method_that_some_route_in_scope_has_is_enough() -> None:
    text = route("items", match='DELETE on "/items"')
    assert told(text + "deny x on all for DELETE when claims.risk absent\n") == []


def test_the_method_that_was_meant() -> None:
    assert only("deny x on orders for POTS when claims.risk absent\n").help == ("did you mean `POST`?",)


BARE = 'route bare { match GET on "/bare"  trust corp  upstream "http://a:1" }\n'


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["R308"]),
        ("deny x on bare when claims.risk absent\n", ["R308"]),
        ("shadow allow x on bare always\n", ["R308"]),
        ("allow x on bare when claims.risk present\n", []),
        ("allow x on bare for GET always\n", []),
        ("allow x on bear always\n", ["R252"]),
        ("allow x on orders, bear always\n", ["R252"]),
        ("allow x on bare when claims.nothing == 1\n", ["R201"]),
    ],
)
def test_a_route_that_no_allow_reaches_is_closed(text: str, codes: list[str]) -> None:
    assert told(BARE + text) == codes


def test_a_rule_is_judged_on_each_kind_of_cell() -> None:
    shop = route("shop", trust="corp, anonymous")
    assert told(shop + 'deny x on shop when claims.plan == "free"\n') == ["R204"]
    assert told(shop + 'deny x on shop when issuer is corp and claims.plan == "free"\n') == []
    assert told(shop + HEALTH + "deny x on all when claims.risk absent\n") == ["R205"]


def test_conditions_keep_what_they_say_of_issuers() -> None:
    made = rule(route("shop", trust="corp, anonymous") + "deny x on shop when issuer is corp")
    assert isinstance(made.condition, IssuerIs)
    assert made.condition.issuer == "corp"
