"""Values that may be absent: who is blamed, and the help for the rule at hand."""

import pytest

from policylang.check.environment import Sink
from policylang.check.infer import check_condition
from policylang.syntax import nodes
from tests.policylang.check.expr_world import STAFF_AND_PARTNER, codes, tree, typed, world


def help_of(text: str, effect: nodes.Effect | None, *routes: str) -> list[str]:
    """The rewrites that the first complaint offers, one a line."""
    here = world(f"{STAFF_AND_PARTNER}\ndeny it on all when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    sink = Sink()
    check_condition(rule.when, here.of(*(routes or ("own",))), here.names, sink, effect=effect)
    return [line.removeprefix("say what a missing risk means:").strip() for line in sink.found[0].help[0].splitlines()]


RISKY = "claims.risk > 50"


@pytest.mark.parametrize("effect", ["deny", "shadow deny"])
def test_a_deny_is_guarded_to_deny(effect: nodes.Effect) -> None:
    assert help_of(RISKY, effect) == [
        "claims.risk absent or claims.risk > 50     (missing is denied)",
        "(claims.risk ?? 0) > 50                    (missing counts as 0)",
    ]


@pytest.mark.parametrize("effect", ["allow", "shadow allow"])
def test_an_allow_is_guarded_not_to_allow(effect: nodes.Effect) -> None:
    assert help_of(RISKY, effect)[0] == "claims.risk present and claims.risk > 50     (missing is not allowed)"


def test_without_an_effect_both_are_shown() -> None:
    assert help_of(RISKY, None) == [
        "claims.risk present and claims.risk > 50     (missing: the condition does not hold)",
        "claims.risk absent or claims.risk > 50       (missing: the condition holds)",
        "(claims.risk ?? 0) > 50                      (missing counts as 0)",
    ]


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        (f"not ({RISKY})", "(claims.risk present and claims.risk > 50)"),
        (f"not not ({RISKY})", "(claims.risk absent or claims.risk > 50)"),
        (f"claims.admin and {RISKY}", "(claims.risk absent or claims.risk > 50)"),
        (f"claims.admin or {RISKY}", "claims.risk absent or claims.risk > 50"),
        (f"claims.admin and not ({RISKY})", "(claims.risk present and claims.risk > 50)"),
    ],
)
def test_the_rewrite_fits_where_it_goes(text: str, rewrite: str) -> None:
    assert help_of(text, "deny")[0].startswith(f"{rewrite}  ")
    assert codes(text.replace(RISKY, rewrite).replace("((", "(").replace("))", ")"), "own") == []


def test_the_default_on_offer_is_a_value_of_the_claim() -> None:
    low = 'issuer a { claims { risk: int 5..9 optional } }\nroute own { match GET on "/" trust a }\n'
    assert "(claims.risk ?? 5) > 6" in typed("claims.risk > 6", around=low)[1][0].help[0]
    high = low.replace("5..9", "-9..-5")
    assert "(claims.risk ?? -5) > -6" in typed("claims.risk > -6", around=high)[1][0].help[0]


def test_no_default_is_offered_for_texts() -> None:
    assert "??" not in typed('claims.nick == "x"', "own")[1][0].help[0]
    assert "??" not in typed('claims.acr == "mfa"', "own")[1][0].help[0]


def test_a_long_condition_is_not_written_out() -> None:
    listed = ", ".join(f'"name-{number}"' for number in range(40))
    assert typed(f"claims.nick in [{listed}]", "own")[1][0].help == (
        "say what a missing value means: guard it with `claims.nick present and …` or `claims.nick absent or …`",
    )


def test_each_reason_is_told() -> None:
    around = STAFF_AND_PARTNER.replace('match GET on "/shop"  trust staff', 'match GET on "/shop"  trust staff, hooks')
    complaints = typed('claims.nick == "x"', "shop", around=around)[1]
    assert complaints[0].notes == (
        "it is optional in tokens of issuer `staff`",
        "`hooks`, trusted by route `shop`, declares no claim `nick`",
        "route `shop` also takes anonymous requests, which have no claims",
    )


def test_a_claim_that_is_only_left_out_is_not_called_optional() -> None:
    complaint = typed('claims.partner_id == "x"', "orders")[1][0]
    assert complaint.labels[0].text == "slug"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("claims.beta", "this condition has no answer"),
        ('"x" in claims.teams', "`in` has no answer"),
        ('all of ["x"] in claims.teams', "`all of` has no answer"),
        ("claims.seen older than 1h", "its age is not known"),
        ('claims.nick ends with "x"', "this test has no answer"),
        ("claims.level + claims.risk > 3", "this comparison has no answer"),
    ],
)
def test_the_consequence_is_named(text: str, title: str) -> None:
    assert typed(text, "own")[1][0].title.endswith(f"may be absent, so {title}")


def test_optional_says_what_any_case_may_lack() -> None:
    assert tree('issuer is partner and claims.partner_id == "x"', "orders") == (
        "(and (issuer partner) (== claims.partner_id? 'x'))"
    )
    assert tree("claims.sub == claims.tenant", "orders") == "(== claims.sub claims.tenant)"


def test_presence_in_a_let_is_judged_by_all_its_uses() -> None:
    lets = "let rated = claims.risk present and claims.risk > 50\nlet named = claims.sub present"
    around = STAFF_AND_PARTNER + 'route wares { match GET on "/wares" trust partner }\n'
    assert codes("claims.risk present and claims.risk > 50", "wares", around=around) == ["R241"]
    assert codes("rated", "wares", lets=lets, around=around) == []
    assert codes('header["X-A"] present and named', "wares", lets=lets, around=around) == []


def test_what_narrowing_leaves_is_told() -> None:
    complaint = typed("issuer is partner and claims.risk present and claims.risk > 50", "orders")[1][0]
    assert complaint.code == "R241"
    assert complaint.notes == ("the conditions beside it leave only tokens of `partner`, which always have it",)
    complaint = typed("issuer is partner and (claims.risk ?? 3) > 50", "orders")[1][0]
    assert complaint.code == "R242"
    assert complaint.notes == ("the conditions beside it leave only tokens of `partner`, which always have it",)
    assert typed("claims.sub present", "orders")[1][0].notes == ()


def test_asking_twice_is_no_mistake() -> None:
    assert codes("claims.risk present and (claims.risk present and claims.risk > 50)", "own") == []
    assert codes("claims.risk absent or (claims.risk present and claims.risk > 50)", "own") == []


def test_what_is_never_absent_anywhere_is_told_in_lets_too() -> None:
    lets = "let known = client.ip present\nlet roled = metadata.roles absent"
    assert codes("known or claims.admin", "own", lets=lets) == ["R241"]
    assert codes("roled or claims.admin", "own", lets=lets) == ["R241"]
