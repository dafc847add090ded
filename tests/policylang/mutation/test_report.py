from policylang.mutation.judge import Fate, Judged
from policylang.mutation.mutant import Edit, Mutant
from policylang.mutation.report import Mutation
from policylang.source.spans import Span
from policylang.source.tree import tree_of

TREE = tree_of({"a.rules": "abcdef"})


def judged(at: int, fate: Fate) -> Judged:
    span = Span(0, at, at + 1)
    return Judged(Mutant("change", span, span, (Edit(span, "x"),), ""), fate)


def test_the_share_is_of_those_that_ran() -> None:
    fates: list[Fate] = ["noticed", "noticed", "survived", "refused", "equivalent", "unseen"]
    mutation = Mutation(10, tuple(judged(at, fate) for at, fate in enumerate(fates)), TREE)
    assert (mutation.ran, mutation.percent) == (3, 66.6)
    assert mutation.fates["refused"] == 1
    assert Mutation(3, (judged(0, "refused"),), TREE).percent == 100.0


def test_survivors_stand_in_the_order_of_the_source() -> None:
    mutation = Mutation(3, (judged(4, "survived"), judged(1, "survived"), judged(2, "noticed")), TREE)
    assert [one.mutant.span.start for one in mutation.survivors] == [1, 4]
