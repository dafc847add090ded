from policylang.mutation.mutant import Edit, Mutant, without
from policylang.source.spans import Span
from policylang.source.tree import tree_of

TEXT = "deny d on r when a and # why\n  b and c\n"
TREE = tree_of({"a.rules": "other\n", "b.rules": TEXT})


def at(text: str, within: str = TEXT) -> Span:
    start = within.index(text)
    return Span(1, start, start + len(text))


def mutant(*edits: Edit, shown: Span) -> Mutant:
    return Mutant("change", shown, shown, edits, "")


def test_what_stands_there_and_what_would_on_one_line() -> None:
    whole = Span(1, TEXT.index("a and"), TEXT.rindex("c") + 1)
    one = mutant(Edit(at("a and"), "x or"), Edit(at("b and"), "not (b) or"), shown=whole)
    assert one.before(TREE) == "a and b and c"
    assert one.after(TREE) == "x or not (b) or c"
    assert mutant(Edit(whole, ""), shown=whole).after(TREE) == ""


def test_the_changed_tree_has_the_change_and_nothing_else() -> None:
    changed = mutant(Edit(at("deny"), "allow"), Edit(at("b and c"), "b"), shown=at("deny")).applied(TREE)
    assert changed.files[0] is TREE.files[0]
    assert changed.files[1].text == "allow d on r when a and # why\n  b\n"
    assert changed.files[1].path == "b.rules"
    assert (changed.root, changed.troubles) == (TREE.root, TREE.troubles)
    assert TREE.files[1].text == TEXT


def test_one_of_several_goes_with_what_separates_it() -> None:
    line = "(a , b,c)"
    tree = tree_of({"a.rules": line})
    spans = [Span(0, line.index(letter), line.index(letter) + 1) for letter in "abc"]
    left = [mutant(without(spans, index), shown=Span(0, 0, 9)).applied(tree).files[0].text for index in range(3)]
    assert left == ["(b,c)", "(a,c)", "(a , b)"]
