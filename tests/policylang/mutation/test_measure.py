from policylang.mutation.measure import Mutating
from tests.policylang.mutation.mutated import BASE, asking, rule_set

RULES = f'{BASE}deny d on solo when claims.plan == "gold"\n'


def test_all_mutants_are_tried_or_the_same_few_at_every_run() -> None:
    found = rule_set(RULES + asking('plan: "gold"', "expect deny 403 by d"))
    mutating = Mutating(found.tree, found.written.module)
    heard: list[int] = []
    whole = mutating.run(found.cases, None, heard.append)
    assert (whole.made, len(whole.judged)) == (mutating.total, mutating.total)
    assert heard == list(range(1, mutating.total + 1))
    few, again = (Mutating(found.tree, found.written.module).run(found.cases, 3, heard.append) for _ in range(2))
    assert few.judged == again.judged
    assert few.ran == 3
    assert few.judged == whole.judged[: len(few.judged)]
    assert 0 < whole.percent < 100
