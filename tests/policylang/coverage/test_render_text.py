from policylang.coverage.render_text import render_text
from tests.policylang.coverage.measured import HEAD, ROUTES, measured

RULES = """allow z on both, solo always
deny d on solo when claims.plan == "free" and
  "a" in claims.scope
"""
TEST = 'test "free" { token corp { sub: "u" }  request GET "/solo"  expect allow }\n'


def test_totals_and_the_lines_with_what_was_not_seen() -> None:
    first = (HEAD + ROUTES).count("\n") + 1
    text = render_text(measured(ROUTES + RULES + TEST), "rules/")
    lead = " " * 19
    assert text.splitlines() == [
        "coverage: 5 of 10 goals, 50.0 %",
        "  conditions 3 of 6, rules 1 of 2, routes 1 of 2",
        "",
        "rules/a.rules: 5 of 10 goals, 50.0 %",
        f"{first - 2} | {ROUTES.splitlines()[1]}",
        "   |       ^^^^ route both: never reached",
        f'{first + 1} | deny d on solo when claims.plan == "free" and',
        "   |      ^ deny d: never decides",
        f"   | {lead} ^^^^^^^^^^^^^^^^^^^^^ never false",
        f"   | {lead} ^^^^^^^^^^^^^^^^^^^^^^^^^ never true",
        f'{first + 2} |   "a" in claims.scope',
        "   |   ^^^^^^^^^^^^^^^^^^^ never true",
    ]


def test_a_file_without_gaps_is_not_listed() -> None:
    rest = 'test "both" { token corp { sub: "u"  scope: "a" }  request GET "/both/acme"  expect allow }\n'
    rest += 'test "denied" { token corp { sub: "u"  scope: "a" }  request GET "/solo"  expect deny 403 }\n'
    rest += 'test "gold" { token corp { sub: "u"  plan: "gold" }  request GET "/solo"  expect allow }\n'
    assert render_text(measured(ROUTES + RULES + TEST + rest)).splitlines() == [
        "coverage: 10 of 10 goals, 100.0 %",
        "  conditions 6 of 6, rules 2 of 2, routes 2 of 2",
    ]
