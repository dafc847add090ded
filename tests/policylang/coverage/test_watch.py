import pytest

from tests.policylang.coverage.measured import ROUTES, gaps, measured

REST = "allow z on both always\n"


def asking(title: str, *steps: str, token: str = 'sub: "u"', path: str = "/solo", method: str = "GET") -> str:
    return f'test "{title}" {{\n  token corp {{ {token} }}\n  request {method} "{path}"\n  {" ".join(steps)}\n}}\n'


def conditions(rules: str) -> list[tuple[str, str]]:
    return gaps(measured(ROUTES + REST + rules), "condition")


def test_nothing_is_seen_without_a_test() -> None:
    assert conditions('allow a on solo when claims.plan == "free"\n') == [('claims.plan == "free"', "never looked at")]


def test_an_atom_that_was_not_looked_at_is_not_seen() -> None:
    rules = 'allow a on solo when claims.plan == "gold" and "a" in claims.scope\n'
    stopped = asking("free", "expect deny 403", token='sub: "u"  plan: "free"  scope: "a"')
    assert conditions(rules + stopped) == [
        ('claims.plan == "gold"', "never true"),
        ('claims.plan == "gold" and "a" in claims.scope', "never true"),
        ('"a" in claims.scope', "never looked at"),
    ]
    through = asking("gold", "expect deny 403", token='sub: "u"  plan: "gold"')
    assert conditions(rules + stopped + through) == [
        ('claims.plan == "gold" and "a" in claims.scope', "never true"),
        ('"a" in claims.scope', "never true"),
    ]
    both = asking("both", "expect allow", token='sub: "u"  plan: "gold"  scope: "a"')
    assert conditions(rules + stopped + through + both) == []


def test_an_alternative_that_was_not_needed_is_not_seen() -> None:
    rules = 'allow a on solo when claims.plan == "gold" or "a" in claims.scope\n'
    first = asking("gold", "expect allow", token='sub: "u"  plan: "gold"  scope: "a"')
    assert ('"a" in claims.scope', "never looked at") in conditions(rules + first)


@pytest.mark.parametrize(
    ("condition", "facts", "gap"),
    [
        ("claims.risk absent", 'sub: "u"', ("claims.risk absent", "never false")),
        ("claims.risk absent", 'sub: "u"  risk: 3', ("claims.risk absent", "never true")),
        ("claims.risk present", 'sub: "u"', ("claims.risk present", "never true")),
        ('"a" not in claims.scope', 'sub: "u"', ('"a" not in claims.scope', "never false")),
        ('"a" not in claims.scope', 'sub: "u"  scope: "a"', ('"a" not in claims.scope', "never true")),
        ('not "a" in claims.scope', 'sub: "u"', ('"a" in claims.scope', "never true")),
        ('claims.plan != "gold"', 'sub: "u"', ('claims.plan != "gold"', "never false")),
    ],
)
def test_the_value_is_that_of_the_text(condition: str, facts: str, gap: tuple[str, str]) -> None:
    rules = f"allow a on solo always\nshadow deny d on solo when {condition}\n"
    assert conditions(rules + asking("one", "expect allow", token=facts)) == [gap]


def test_the_value_of_an_unless_is_that_of_its_text() -> None:
    rules = 'allow a on solo always\ndeny d on solo when claims.plan == "free" unless "a" in claims.scope\n'
    held = asking("excused", "expect allow", token='sub: "u"  scope: "a"')
    assert conditions(rules + held) == [
        ('claims.plan == "free"', "never false"),
        ('"a" in claims.scope', "never false"),
    ]
    rules = 'allow a on solo always\ndeny d on solo when claims.plan == "free" unless claims.risk absent or claims.risk < 5\n'
    held = asking("excused", "expect allow", token='sub: "u"  risk: 3')
    assert conditions(rules + held) == [
        ('claims.plan == "free"', "never looked at"),  # an exception that guards is looked at first, as every guard is
        ("claims.risk absent", "never true"),
        ("claims.risk absent or claims.risk < 5", "never false"),
        ("claims.risk < 5", "never false"),
    ]


def test_a_default_in_the_place_of_a_value() -> None:
    rules = "allow a on solo when (claims.risk ?? 0) < 50\n"
    absent = asking("none", "expect allow")
    assert conditions(rules + absent) == [
        ("(claims.risk ?? 0) < 50", "never false"),
        ("claims.risk ?? 0", "never given"),
    ]
    given = asking("some", "expect deny 403", token='sub: "u"  risk: 60')
    assert conditions(rules + given) == [
        ("(claims.risk ?? 0) < 50", "never true"),
        ("claims.risk ?? 0", "never absent"),
    ]


def test_what_has_no_answer_is_neither_true_nor_false_and_what_stands_beside_it_is_looked_at() -> None:
    rules = 'allow a on solo always\ndeny d on solo when metadata.blocked and claims.plan == "free"\n'
    down = 'test "down" { token corp { sub: "u" }  metadata down  request GET "/solo"  expect deny 503 }\n'
    assert conditions(rules + down) == [
        ("metadata.blocked", "never looked at"),
        ('metadata.blocked and claims.plan == "free"', "never looked at"),
        ('claims.plan == "free"', "never false"),
    ]


def test_an_allow_is_not_seen_where_a_deny_stops_the_request() -> None:
    rules = 'allow a on solo when "a" in claims.scope\ndeny d on solo when claims.plan == "free"\n'
    stopped = asking("denied", "expect deny 403", token='sub: "u"  scope: "a"')
    assert conditions(rules + stopped) == [
        ('"a" in claims.scope', "never looked at"),
        ('claims.plan == "free"', "never false"),
    ]


POLICIES = """policy gold { rate 5 per 1s burst 5   grants "extra" }
policy free { rate 1 per 1s burst 1 }
select policy on solo { use gold when claims.plan == "gold"   use free otherwise }
"""


def test_an_arm_is_not_seen_where_no_allow_holds() -> None:
    rules = f'{POLICIES}allow a on solo when "a" in claims.scope\n'
    refused = asking("refused", "expect deny 403", token='sub: "u"  plan: "gold"')
    coverage = measured(ROUTES + REST + rules + refused)
    assert gaps(coverage, "arm") == [("select policy", "arm never taken")] * 2
    assert ('claims.plan == "gold"', "never looked at") in gaps(coverage, "condition")
    taken = asking("taken", "expect allow", token='sub: "u"  plan: "gold"  scope: "a"')
    coverage = measured(ROUTES + REST + rules + taken)
    assert gaps(coverage, "arm") == [("select policy", "arm never taken")]
    assert ('claims.plan == "gold"', "never false") in gaps(coverage, "condition")


def test_an_arm_is_seen_where_a_condition_names_what_it_grants() -> None:
    rules = f'{POLICIES}allow a on solo when "extra" in policy.grants\n'
    refused = asking("refused", "expect deny 403")
    assert gaps(measured(ROUTES + REST + rules + refused), "arm") == [("select policy", "arm never taken")]


def test_the_refusal_at_the_end_of_a_select() -> None:
    rules = """policy gold { rate 5 per 1s burst 5 }
select policies on solo { add gold when claims.plan == "gold"   refuse otherwise }
allow a on solo always
"""
    refused = asking("refused", "expect deny 403")
    assert [gap.words for gap in measured(ROUTES + REST + rules + refused).gaps() if gap.kind == "arm"] == [
        "arm never taken"
    ]
    taken = asking("taken", "expect allow", token='sub: "u"  plan: "gold"')
    assert gaps(measured(ROUTES + REST + rules + refused + taken), "arm") == []


def test_rules_that_decide_and_shadows_that_hold() -> None:
    rules = """allow a on solo when claims.plan == "free"
allow b on solo when claims.plan != "lead"
deny d on solo when "x" in claims.scope
shadow deny s on solo when "y" in claims.scope
"""
    first = asking("first by name", "expect allow", token='sub: "u"  scope: "y"')
    assert gaps(measured(ROUTES + REST + rules + first), "rule") == [
        ("allow z", "never decides"),
        ("allow b", "never decides"),
        ("deny d", "never decides"),
    ]
    rest = asking("b", "expect allow", token='sub: "u"  plan: "gold"')
    rest += asking("d", "expect deny 403", token='sub: "u"  scope: "x"')
    assert gaps(measured(ROUTES + REST + rules + first + rest), "rule") == [("allow z", "never decides")]
    assert gaps(measured(ROUTES + REST + rules + rest), "rule")[-1] == ("shadow deny s", "never holds")


def test_an_end_from_both_sides() -> None:
    rules = "allow a on solo always until 2030-01-01T00:00:00Z\n"
    before = asking("before", "expect allow")
    after = 'test "after" {\n  at 2030-01-01T00:00:00Z\n  token corp { sub: "u" }\n  request GET "/solo"\n  expect deny 403\n}\n'
    assert conditions(rules + before) == [("2030-01-01T00:00:00Z", "never asked after it")]
    assert conditions(rules + after) == [("2030-01-01T00:00:00Z", "never asked before it")]
    assert conditions(rules + before + after) == []


def test_a_route_is_reached_when_its_rules_are_asked() -> None:
    rules = "allow a on solo always\n"
    refused = 'test "none" { request GET "/solo"  expect deny 401 }\n'
    lost = 'test "lost" { request GET "/nowhere"  expect deny 404 }\n'
    method = 'test "method" { request PUT "/solo"  expect deny 405 }\n'
    coverage = measured(ROUTES + REST + rules + refused + lost + method)
    assert gaps(coverage, "route") == [("route both", "never reached"), ("route solo", "never reached")]
    post = 'test "no allow" { token corp { sub: "u" } request POST "/solo"  expect deny 403 }\n'
    coverage = measured(ROUTES + REST + "allow a on solo for GET always\n" + post)
    assert gaps(coverage, "route") == [("route both", "never reached")]


def test_headers_shown_and_left_out_and_tokens_minted() -> None:
    rules = """allow a on solo when claims.plan == "free"
request headers on solo { set X-User "{claims.sub}"   set X-Risk "{claims.risk}" omit when absent }
identity token t on solo { audience "svc"   subject claims.sub   lifetime 60s   header X-Identity }
"""
    denied = asking("denied", "expect deny 403", token='sub: "u"  plan: "gold"')
    coverage = measured(ROUTES + REST + rules + denied)
    assert gaps(coverage, "header", "token") == [
        ("header X-User", "never shown"),
        ("header X-Risk", "never omitted, never shown"),
        ("identity token t", "never minted"),
    ]
    without = asking("without", "expect allow")
    coverage = measured(ROUTES + REST + rules + without)
    assert gaps(coverage, "header", "token") == [("header X-Risk", "never shown")]


def test_limits_that_refuse() -> None:
    rules = f"""{POLICIES}allow a on solo always
limit shared on solo by route {{ quota 3 per day   on outage deny }}
"""
    spent = asking("spent", "repeat 1", "expect deny 429 by free")
    assert gaps(measured(ROUTES + REST + rules + spent), "limit") == [
        ("rate of policy gold", "never refuses"),
        ("limit shared", "never refuses"),
    ]
    shared = asking("shared", "repeat 3", "expect deny 429 by shared", token='sub: "u"  plan: "gold"')
    assert gaps(measured(ROUTES + REST + rules + shared), "limit") == [
        ("rate of policy gold", "never refuses"),
        ("rate of policy free", "never refuses"),
    ]


def test_how_often_is_counted() -> None:
    coverage = measured(ROUTES + REST + "allow a on solo always\n" + asking("often", "repeat 4", "expect allow"))
    (count,) = {coverage.met[goal] for goal in coverage.goals if coverage.met[goal]}
    assert count == 5
