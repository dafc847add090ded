"""Expectations: of what there is, and never of what could not come."""

import pytest

from tests.policylang.check.rule_sets import only, told

WORLD = (
    "secret key\npolicy free { rate 5 per 1s burst 7 }\nselect policy on orders { use free otherwise }\n"
    "limit shared on orders by route { quota 50 per day on outage deny }\n"
    'deny weak on orders when claims.risk absent answer step_up "mfa"\n'
    "shadow deny watched on orders when claims.risk absent\n"
    'request headers on orders { set X-User "{claims.sub}"  set X-Key secret.key  remove X-Gone, "X-Old-*" }\n'
    'response headers on orders { set X-Mode "a"  remove Server, "X-Internal-*" }\n'
    'identity token inner on orders { audience "inner"  subject claims.sub  lifetime 60s  header X-Identity\n'
    "  claims { tenant: claims.tenant } }\n"
)
ASK = 'request GET "/v1/acme/orders/1" header X-Sent "1"'


def expecting(answer: str) -> list[str]:
    return told(f'{WORLD}test "t" {{ {ASK} expect {answer} }}')


@pytest.mark.parametrize(
    "answer",
    [
        "allow by read route orders issuer corp policy free",
        'deny 401 by weak as step_up step_up "mfa"',
        "deny 403 as no_allow",
        "deny 429 by shared left 0 of limit shared",
        "deny 429 by free as limited",
        "deny 503 by read",
        'allow header X-User "u" header "x_key" secret.key header X-Identity present',
        'allow header X-Sent "1"',
        "allow header X-Sent absent header X-Gone absent header X-Old-A absent header Authorization absent",
        "allow header Connection absent header X-Forwarded-For absent",
        'allow response header X-Mode "a" response header Server absent response header X-Internal-Host absent',
        'allow identity token inner { sub: "u"  aud: "inner"  tenant: absent }',
        "deny 401 identity token inner absent header X-User absent",
        "allow charged free rate, limit shared left 7 of free rate",
        "allow shadow deny watched is true",
    ],
)
def test_what_can_be_expected(answer: str) -> None:
    assert expecting(answer) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("deny 200", "R745"),
        ("deny 413", "R745"),
        ("allow by raed", "R746"),
        ("deny 403 by raed", "R746"),
        ("allow by weak", "R752"),
        ("allow by free", "R752"),
        ("allow by shared", "R752"),
        ("deny 403 by watched", "R752"),
        ("deny 403 as no_alow", "R753"),
        ("deny 403 as denied_", "R753"),
        ("deny 503 as limit_outage", "R753"),
        ("deny 401 as no_allow", "R754"),
        ("allow as no_allow", "R754"),
        ("allow route order", "R252"),
        ("allow issuer crop", "R252"),
        ("allow policy silver", "R252"),
        ("allow policy free, free", "R254"),
        ("allow by read by read", "R254"),
        ('allow header X-User "a" header "x_user" absent', "R254"),
        ('deny 401 step_up "maf"', "R755"),
        ('allow header X-Usr "a"', "R755"),
        ("allow header X-Usr present", "R755"),
        ("allow header X-Usr absent", "R755"),
        ('allow response header X-User "a"', "R755"),
        ("allow response header Sever absent", "R755"),
        ("allow response header X-Sent absent", "R755"),
        ('allow header X-User "ä"', "R758"),
        ("allow header X-User secret.kye", "R252"),
        ('deny 401 header X-User "u"', "R756"),
        ("deny 401 header X-User present", "R756"),
        ("deny 401 identity token inner { }", "R756"),
        ("deny 401 charged free rate", "R756"),
        ("deny 401 left 3 of free rate", "R756"),
        ("allow identity token iner absent", "R252"),
        ('allow identity token inner { tennant: "a" }', "R740"),
        ('allow identity token inner { tenant: raw "1" }', "R759"),
        ("allow identity token inner { tenant: 5min ago }", "R759"),
        ('allow identity token inner { tenant: "a"  tenant: "b" }', "R254"),
        ("allow charged free quota", "R757"),
        ("allow charged limit sharde", "R252"),
        ("allow left 8 of free rate", "R259"),
        ("allow shadow deny wached is true", "R252"),
        ("allow shadow allow watched is true", "R252"),
        ("allow shadow deny weak is true", "R252"),
    ],
)
def test_what_cannot(answer: str, code: str) -> None:
    assert expecting(answer) == [code]


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("allow by raed", "read"),
        ("deny 403 as no_alow", "no_allow"),
        ("allow route order", "orders"),
        ("allow issuer crop", "corp"),
        ("allow policy fre", "free"),
        ('allow header X-Usr "a"', "X-User"),
        ("allow response header X-Moed absent", "X-Mode"),
        ("allow identity token iner absent", "inner"),
        ('allow identity token inner { tennant: "a" }', "tenant"),
        ("allow shadow deny wached is true", "watched"),
        ("allow header X-User secret.kye", "key"),
        ('deny 401 step_up "maf"', "mfa"),
    ],
)
def test_near_misses_are_told(answer: str, meant: str) -> None:
    assert only(f'{WORLD}test "t" {{ {ASK} expect {answer} }}').help == (f"did you mean `{meant}`?",)
