"""Measuring tests lies neither way: what was seen could be seen, and what is changed is a rule set still."""

from hypothesis import given

from policylang.coverage.goals import goals_of
from policylang.coverage.watch import Watch
from policylang.mutation.generate import in_turn, mutants_of
from policylang.mutation.variant import Variants
from policylang.mutation.written import Written
from policylang.plan.codec import encode
from policylang.plan.schema import validate
from policylang.reference.oracle import Oracle
from policylang.syntax.parse import parse
from tests.strategies.checking import Case, cases
from tests.strategies.profile import examples

MOST_MUTANTS = 12


@given(cases())
@examples(60)
def test_what_was_seen_was_a_goal(case: Case) -> None:
    found = case.kept
    rule_set = parse(found.tree).rule_set
    watch = Watch(found.module, rule_set)
    oracle = Oracle(found.module, tracer=watch)
    for question in case.questions:
        oracle.ask(question)
    assert set(watch.met) <= set(goals_of(found.module, rule_set))


@given(cases())
@examples(20)
def test_a_watched_oracle_decides_as_one_that_is_not(case: Case) -> None:
    found = case.kept
    watched, plain = Oracle(found.module, tracer=Watch(found.module, parse(found.tree).rule_set)), Oracle(found.module)
    for question in case.questions:
        assert watched.ask(question) == plain.ask(question)


@given(cases(count=1))
@examples(25)
def test_a_mutant_is_a_rule_set_that_can_be_read_and_what_passes_the_checker_has_a_plan(case: Case) -> None:
    found = case.kept
    rule_set = parse(found.tree).rule_set
    written = Written(found.tree, rule_set, found.module)
    variants = Variants(found.tree, rule_set, found.module.settings)
    for mutant in in_turn(mutants_of(written), written)[:MOST_MUTANTS]:
        assert parse(mutant.applied(found.tree)).ok, f"{mutant.before(found.tree)} -> {mutant.after(found.tree)}"
        variant = variants.of(mutant)
        if variant is not None:
            validate(encode(variant.plan))
