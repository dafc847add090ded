"""A rule set in the one style decides as it did before, to the last header and counter."""

from hypothesis import given

from policylang.formatter.format import format_tree
from policylang.source.tree import tree_of
from tests.strategies.checking import Case, cases, judged
from tests.strategies.engines import plan_of, said, simulation, unhoisted
from tests.strategies.profile import examples


@given(cases())
@examples(8)
def test_the_plan_of_the_formatted_text_decides_the_same(case: Case) -> None:
    style = format_tree(case.kept.tree)
    assert style.diagnostics == ()
    module, tree, errors = judged(tree_of({"a.rules": style.files[0].text}))
    assert module is not None, errors
    before = simulation(plan_of(case.kept.module, case.kept.tree))
    after = plan_of(module, tree)
    engines = simulation(after), unhoisted(after)
    for question in case.questions:
        wanted = said(before.ask(question))
        assert [said(engine.ask(question)) for engine in engines] == [wanted, wanted]
