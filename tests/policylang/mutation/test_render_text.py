from policylang.mutation.judge import Judged, judge
from policylang.mutation.mutant import Edit, Mutant
from policylang.mutation.render_text import WIDTH, render_text
from policylang.mutation.report import Mutation
from policylang.source.spans import Span
from policylang.source.tree import tree_of
from tests.policylang.mutation.mutated import BASE, RuleSet, asking, rule_set

RULES = f'{BASE}deny d on solo when claims.plan == "gold"\n'


def told(found: RuleSet, operators: set[str], limit: int | None = None) -> list[str]:
    mutants = [mutant for name in sorted(operators) for mutant in found.mutants(name)]
    judged = judge(mutants, found.variants, found.cases, limit, lambda _done: None)
    return render_text(Mutation(len(mutants), judged, found.tree), "rules/").splitlines()


def test_the_share_and_each_survivor_with_the_test_that_would_notice_it() -> None:
    found = rule_set(RULES + asking('plan: "gold"', "expect deny 403"))
    line = next(number for number, text in enumerate(found.tree.files[0].text.splitlines(), 1) if "deny d" in text)
    assert told(found, {"flip_comparison", "change_constant", "drop_rule", "widen_scope"}) == [
        "mutation: 3 of 4 changes noticed, 75.0 %",
        "  not counted: 1 refused by the checker",
        "",
        f"rules/a.rules:{line}:11: no test notices widen_scope",
        "  - on solo",
        "  + on solo, both",
        "  Send a request on route both whose answer would depend on deny d.",
    ]


def test_what_is_dropped_and_what_was_not_tried() -> None:
    found = rule_set(RULES)
    lines = told(found, {"drop_rule", "flip_comparison"}, limit=1)
    assert lines[:3] == [
        "mutation: 0 of 1 changes noticed, 0.0 %",
        "  not counted: 1 refused by the checker",
        "  not tried: 1 of 3 changes, as a limit was given",
    ]
    assert "  + (nothing)" in lines


def test_a_long_text_is_cut_and_nothing_from_the_source_reaches_the_terminal_as_a_control() -> None:
    text = "x" * 400 + "\x1b[31m"
    tree = tree_of({"a.rules": text})
    span = Span(0, 0, len(text))
    (survivor,) = judge_nothing(Mutant("change", span, span, (Edit(span, "y\x1b"),), "Do."))
    lines = render_text(Mutation(1, (survivor,), tree)).splitlines()
    assert lines[3] == "  - " + "x" * WIDTH + "…"
    assert "\x1b" not in "".join(lines)


def judge_nothing(mutant: Mutant) -> tuple[Judged]:
    return (Judged(mutant, "survived"),)
