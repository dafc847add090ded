import pytest

from policylang.check import model
from policylang.coverage.goals import can_be_left_out
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Text
from tests.policylang.coverage.measured import ROUTES, gaps, measured, wanted

REST = "allow a on both, solo always\n"
STEP_UP = """allow a on solo always
deny b on solo when claims.plan == "free" answer step_up "mfa"
deny d on solo when claims.plan == "free"
"""


def test_every_atom_is_to_be_seen_both_ways_and_a_whole_of_several_too() -> None:
    found = wanted(measured(f'{ROUTES}{REST}deny d on solo when claims.plan == "free" and "a" in claims.scope\n'))
    assert found[-7:] == [
        "deny d: decides",
        'claims.plan == "free": false',
        'claims.plan == "free": true',
        'claims.plan == "free" and "a" in claims.scope: false',
        'claims.plan == "free" and "a" in claims.scope: true',
        '"a" in claims.scope: false',
        '"a" in claims.scope: true',
    ]


def test_a_condition_of_one_atom_is_no_whole_besides() -> None:
    found = wanted(measured(f'{ROUTES}{REST}deny d on solo when not claims.plan == "free"\n'), "condition")
    assert found == ['claims.plan == "free": false', 'claims.plan == "free": true']


def test_a_let_is_to_be_seen_once_and_each_rule_that_names_it_for_itself() -> None:
    rules = "let own = claims.tenant == path.tenant\ndeny d on both when not own\n"
    rules += 'deny e on both when own and "a" in claims.scope\n'
    found = wanted(measured(ROUTES + REST + rules), "condition")
    assert found == [
        "claims.tenant == path.tenant: false",
        "claims.tenant == path.tenant: true",
        "not own: false",
        "not own: true",
        'own and "a" in claims.scope: false',
        'own and "a" in claims.scope: true',
        '"a" in claims.scope: false',
        '"a" in claims.scope: true',
    ]


def test_what_only_one_issuer_can_decide_is_no_goal_on_its_routes() -> None:
    rule = "deny d on {} when issuer is corp and (claims.risk absent or claims.risk > 50)\n"
    everywhere = wanted(measured(ROUTES + REST + rule.format("both")), "condition")
    assert "issuer is corp: false" in everywhere
    rule = 'deny d on both, solo when issuer is partner and "a" in claims.scope\n'
    assert "issuer is partner: false" in wanted(measured(ROUTES + REST + rule), "condition")
    within = 'deny d on solo when claims.risk present and claims.risk > 50 and (claims.risk present or "a" in claims.scope)\n'
    found = [
        goal for goal in wanted(measured(ROUTES + REST + within), "condition") if goal.startswith("claims.risk pres")
    ]
    assert "claims.risk present: false" in found


def test_a_value_that_the_conditions_before_exclude_is_no_goal() -> None:
    rule = 'deny d on solo when claims.risk absent or claims.risk > 90 or claims.risk < 95 and "a" in claims.scope\n'
    rule = rule.replace(' < 95 and "a" in claims.scope', " <= 90")
    with pytest.raises(AssertionError, match="one of these alternatives"):
        measured(ROUTES + REST + rule)  # the checker refuses what always holds: no goal is needed for it
    rule = 'deny d on solo when claims.plan == "free" or (claims.plan != "free" and "a" in claims.scope)\n'
    found = wanted(measured(ROUTES + REST + rule), "condition")
    assert 'claims.plan != "free": true' in found
    assert 'claims.plan != "free": false' not in found


def test_the_default_of_a_value_is_to_be_seen_used_and_not_used() -> None:
    found = wanted(measured(f"{ROUTES}{REST}deny d on solo when (claims.risk ?? 0) > 50\n"), "condition")
    assert found == [
        "(claims.risk ?? 0) > 50: false",
        "(claims.risk ?? 0) > 50: true",
        "claims.risk ?? 0: absent",
        "claims.risk ?? 0: given",
    ]


def test_an_end_is_to_be_seen_from_both_sides() -> None:
    found = wanted(measured(f"{ROUTES}{REST}allow b on solo always until 2030-01-01T00:00:00Z\n"), "condition")
    assert found == ["2030-01-01T00:00:00Z: before", "2030-01-01T00:00:00Z: past"]


@pytest.mark.parametrize(
    ("rules", "deciding"),
    [
        ("allow a on solo always\nallow b on solo when claims.plan == \"free\"\n", ["allow a"]),
        ("allow b on solo always\nallow a on solo when claims.plan == \"free\"\n", ["allow a", "allow b"]),
        ("allow a on solo for GET always\nallow b on solo when claims.plan == \"free\"\n", ["allow a", "allow b"]),
        ("allow a on solo when claims.plan == \"free\"\nallow b on solo when claims.plan == \"free\" and \"x\" in claims.scope\n",
         ["allow a"]),
        ("allow a on solo always until 2030-01-01T00:00:00Z\nallow b on solo when claims.plan == \"free\"\n",
         ["allow a", "allow b"]),
        ("allow a on solo when metadata.blocked\nallow b on solo when metadata.blocked\n", ["allow a", "allow b"]),
        ("allow a on solo always\ndeny d on solo always\n", ["deny d"]),
        (STEP_UP, ["allow a", "deny d"]),
        ("allow a on solo when claims.plan == \"free\"\ndeny d on solo when claims.plan == \"free\"\n", ["deny d"]),
        ("allow a on solo always\nshadow deny s on solo always\n", ["allow a", "shadow deny s"]),
    ],
)  # fmt: skip
def test_which_rules_an_answer_can_be_by(rules: str, deciding: list[str]) -> None:
    both = "allow z on both always\n"
    found = [goal.split(":")[0] for goal in wanted(measured(ROUTES + both + rules), "rule")]
    assert sorted(found) == sorted([*deciding, "allow z"])


def test_no_goal_of_an_allow_behind_a_deny_that_always_holds() -> None:
    rules = 'allow z on both always\nallow a on solo when claims.plan == "free"\ndeny d on solo always\n'
    assert wanted(measured(ROUTES + rules), "condition") == []


def test_an_allow_is_looked_at_only_where_no_deny_holds() -> None:
    rules = """allow z on both always
allow a on solo when claims.risk present and claims.risk < 20
deny d on solo when claims.risk absent or claims.risk > 50
"""
    found = wanted(measured(ROUTES + rules), "condition")
    assert "claims.risk present: false" not in found
    assert "claims.risk < 20: false" in found


def test_arms_and_the_refusal_at_the_end() -> None:
    policies = "policy gold { rate 5 per 1s burst 5 }\npolicy free { rate 1 per 1s burst 1   quota unlimited }\n"
    selects = """select policy on solo { use gold when claims.plan == "gold"   refuse otherwise }
select policies on both { add gold when claims.plan == "gold"   add free otherwise }
"""
    coverage = measured(ROUTES + REST + policies + selects)
    assert (
        sorted(gaps(coverage, "arm"))
        == [("select policies", "arm never taken")] * 2 + [("select policy", "arm never taken")] * 2
    )
    assert wanted(coverage, "limit") == ["rate of policy gold: refuses", "rate of policy free: refuses"]


def test_a_policy_that_no_select_comes_to_is_no_goal() -> None:
    policies = (
        "policy gold { rate 5 per 1s burst 5 }\npolicy free { quota 5 per day }\npolicy lead { quota 6 per day }\n"
        "policy slim { concurrent 7 held at most 1min }\n"
    )
    select = "select policy on all { use claims.plan }\n"
    found = wanted(measured(ROUTES + REST + policies + select), "limit")
    assert found == ["rate of policy gold: refuses", "quota of policy free: refuses", "quota of policy lead: refuses"]
    limit = "limit shared on solo by route { quota 5 per day   on outage deny }\n"
    assert wanted(measured(ROUTES + REST + policies + limit), "limit") == ["limit shared: refuses"]


def test_what_is_set_and_minted_and_the_routes() -> None:
    said = """request headers on solo { set X-User "{claims.sub}"   set X-Risk "{claims.risk}" omit when absent }
identity token t on solo { audience "svc"   subject claims.sub   lifetime 60s   header X-Identity }
"""
    coverage = measured(ROUTES + REST + said)
    assert wanted(coverage, "header") == ["header X-User: shown", "header X-Risk: omitted", "header X-Risk: shown"]
    assert wanted(coverage, "token") == ["identity token t: minted"]
    assert wanted(coverage, "route") == ["route both: reached", "route solo: reached"]


@pytest.mark.parametrize(
    ("parts", "omit", "possible"),
    [
        (("low",), "empty", True),
        (("low", "x"), "empty", False),
        (("high",), "empty", False),
        (("high", "optional"), "absent", True),
        (("optional",), None, False),
    ],
)
def test_when_a_header_can_be_left_out(parts: tuple[str, ...], omit: str | None, possible: bool) -> None:
    def part(word: str) -> str | model.Ref:
        if word == "x":
            return word
        return model.Ref(NOWHERE, Text(0 if word == "low" else 1), "claims", word, word == "optional")

    value = model.Template(tuple(map(part, parts)))
    header = model.SetHeader("request", ("solo",), "X", value, omit, NOWHERE)  # type: ignore[arg-type]
    assert can_be_left_out(header) is possible
    assert not can_be_left_out(model.SetHeader("request", ("solo",), "X", model.SecretValue("s"), "empty", NOWHERE))
