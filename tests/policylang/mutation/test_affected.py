from dataclasses import replace

from policylang.codegen.compiled import CompiledPlan
from policylang.mutation.affected import Makings
from policylang.mutation.generate import mutants_of
from policylang.mutation.judge import judge
from policylang.testing.fixtures import made_up_secrets
from policylang.testing.model import Engines
from policylang.testing.suite import run_case
from tests.policylang.mutation.mutated import BASE, RuleSet, rule_set
from tests.policylang.mutation.rich import RICH

FOUND = rule_set(RICH)
ORIGINAL = Makings(FOUND.variants.original().plan)


def told(routes: frozenset[str] | None) -> list[str]:
    return ["any"] if routes is None else sorted(routes)


def changed(found: RuleSet, operator: str, after: str) -> list[str]:
    (mutant,) = [one for one in found.mutants(operator) if one.after(found.tree) == after]
    variant = found.variants.of(mutant)
    assert variant is not None
    return told(ORIGINAL.changed(Makings(variant.plan)))


def test_places_alone_change_nothing() -> None:
    moved = rule_set(RICH.replace("\nallow a", "\n\n\nallow a"))
    assert ORIGINAL.changed(Makings(moved.variants.original().plan)) == frozenset()
    plan = FOUND.variants.original().plan
    assert ORIGINAL.changed(Makings(replace(plan, semantic="", whole="", files=()))) == frozenset()


def test_a_change_of_one_rule_touches_its_routes() -> None:
    assert changed(FOUND, "change_number", "claims.age > 4") == ["both"]
    assert changed(FOUND, "drop_step_up", "") == ["solo"]
    assert changed(FOUND, "drop_unless", "") == ["both", "solo"]
    assert changed(FOUND, "drop_removal", "remove Server") == ["both", "open", "solo"]


def test_a_policy_touches_the_routes_whose_select_comes_to_it() -> None:
    assert changed(FOUND, "change_burst", "rate 1 per 1s burst 2") == ["both", "solo"]
    rules = """policy gold { rate 5 per 1s burst 5 }
policy free { rate 1 per 1s burst 1 }
policy lead { rate 9 per 1s burst 9 }
select policy on solo { use free otherwise }
select policy on both { use claims.plan }
"""
    found = rule_set(BASE + rules)
    makings = Makings(found.variants.original().plan)
    touched = {}
    for mutant in found.mutants("change_burst"):
        variant = found.variants.of(mutant)
        assert variant is not None
        touched[mutant.after(found.tree)] = told(makings.changed(Makings(variant.plan)))
    assert touched["rate 1 per 1s burst 2"] == ["both", "solo"]
    assert touched["rate 5 per 1s burst 6"] == ["both"], "a claim may name any policy"


def test_what_all_routes_share() -> None:
    (wider,) = [one for one in FOUND.mutants("widen_path") if "open" in one.hint and "solo" not in one.hint]
    variant = FOUND.variants.of(wider)
    assert variant is not None
    assert ORIGINAL.changed(Makings(variant.plan)) is None, "another route may now take a request"
    (header,) = [one for one in FOUND.mutants("drop_header") if "X-User" in one.before(FOUND.tree)]
    variant = FOUND.variants.of(header)
    assert variant is not None
    assert ORIGINAL.changed(Makings(variant.plan)) is None, "a header that no rule sets travels on everywhere"


def test_no_case_that_was_left_out_would_have_failed() -> None:
    mutants = mutants_of(FOUND.written)
    fates = judge(mutants, FOUND.variants, FOUND.cases, None, lambda _done: None)
    assert {one.fate for one in fates} >= {"noticed", "survived", "refused"}
    survivors = [one.mutant for one in fates if one.fate == "survived"]
    assert len(survivors) > 20
    for mutant in survivors[::4]:
        variant = FOUND.variants.of(mutant)
        assert variant is not None
        engines = Engines(CompiledPlan(variant.plan, made_up_secrets(variant.plan.secrets)), variant.module, "spared")
        assert all(run_case(case, engines).passed for case in FOUND.cases), mutant.after(FOUND.tree)
