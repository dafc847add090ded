"""Fixes: apart, proved, and refused when they do not keep their word."""

from dataclasses import replace

from policylang.diagnostics.model import Edit
from policylang.linter.fix import apart, applied, changed, fix
from policylang.linter.model import Fix
from policylang.source.spans import Span
from policylang.source.tree import tree_of
from tests.policylang.linter.linting import linted

TWO = """deny a on orders when not claims.risk present
deny b on orders when not claims.tenant in ["a"]
"""


def edit(start: int, end: int, text: str = "", file: int = 0) -> Fix:
    return Fix((Edit(Span(file, start, end), text),))


def test_fixes_that_touch_are_kept_apart() -> None:
    one, inside, behind, elsewhere = edit(0, 5), edit(3, 4), edit(5, 6), edit(0, 5, file=1)
    assert apart([one, inside, behind, elsewhere]) == [one, behind, elsewhere]


def test_two_insertions_at_one_place_are_kept_apart() -> None:
    assert len(apart([edit(3, 3, "a"), edit(3, 3, "b")])) == 1


def test_edits_are_made_from_the_end() -> None:
    tree = tree_of({"a.rules": "one two three", "b.rules": "four"})
    made = applied(tree, [edit(0, 3, "1"), edit(8, 13, "3"), edit(0, 4, "4", file=1)])
    assert [source.text for source in made.files] == ["1 two 3", "4"]
    assert changed(tree, made) == {0: "1 two 3", 1: "4"}
    assert changed(tree, tree) == {}


def test_all_at_once() -> None:
    fixed = fix(linted(TWO))
    assert fixed.count == 2
    assert "when claims.risk absent" in fixed.result.tree.files[0].text
    assert 'when claims.tenant not in ["a"]' in fixed.result.tree.files[0].text


def test_a_fix_that_breaks_its_word_is_left_out_and_the_others_are_made() -> None:
    before = linted(TWO)
    place = next(found.span for found in before.diagnostics if found.code == "L045")
    liar = Fix((Edit(place, "claims.risk present"),))
    lied = replace(before, fixes={**before.fixes, min(before.fixes): liar})
    fixed = fix(lied)
    text = fixed.result.tree.files[0].text
    assert "when claims.risk present" not in text
    assert fixed.result.plan is not None
    assert before.plan is not None
    assert fixed.result.plan.semantic == before.plan.semantic


def test_a_fix_that_does_not_compile_is_left_out() -> None:
    before = linted(TWO)
    broken = {
        index: replace(each, edits=(Edit(each.edits[0].span, "nonsense ("),)) for index, each in before.fixes.items()
    }
    fixed = fix(replace(before, fixes=broken))
    assert fixed.count == 0
    assert fixed.result.tree == before.tree


def test_a_fix_that_says_what_changes_may_change_it_but_must_compile() -> None:
    before = linted(TWO)
    place = next(found.span for found in before.diagnostics if found.code == "L045")
    honest = Fix((Edit(place, "claims.risk present"),), "the rule is turned round")
    fixed = fix(replace(before, fixes={0: honest}))
    assert fixed.changes == ("the rule is turned round",)
    broken = Fix((Edit(place, "nonsense ("),), "everything")
    assert fix(replace(before, fixes={0: broken})).count == 0


def test_a_fix_may_make_room_for_another() -> None:
    text = 'deny outside on orders when client.ip not in ["10.1.0.0/16", "10.2.0.0/16", "10.0.0.0/8"]\n'
    fixed = fix(linted(text))
    assert fixed.count == 2
    assert fixed.result.tree.files[0].text.endswith('["10.0.0.0/8"]\n')


def test_nothing_to_fix() -> None:
    before = linted("")
    assert fix(before).count == 0
    assert fix(before).result == before
