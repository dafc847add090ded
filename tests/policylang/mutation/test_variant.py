import pytest

from policylang.mutation.mutant import Edit, Mutant
from policylang.mutation.variant import Variants
from policylang.source.spans import Span
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse
from tests.policylang.mutation.mutated import BASE, HEAD, rule_set

RULES = f'{BASE}deny d on solo when claims.plan == "gold"\n'


def changed(variants: Variants, text: str, old: str, new: str) -> object:
    start = text.index(old)
    span = Span(0, start, start + len(old))
    return variants.of(Mutant("change", span, span, (Edit(span, new),), ""))


def test_a_change_is_read_checked_and_planned_again() -> None:
    found = rule_set(RULES)
    original = found.variants.original()
    (mutant,) = found.mutants("flip_comparison")
    variant = found.variants.of(mutant)
    assert variant is not None
    assert variant.plan.semantic != original.plan.semantic
    (deny,) = [rule for rule in variant.plan.rules if rule.effect == "deny"]
    assert deny.condition is not None
    assert deny.condition.expr[1] == "ne"


def test_what_the_parser_or_the_checker_refuses() -> None:
    found = rule_set(RULES)
    text = found.tree.files[0].text
    assert changed(found.variants, text, 'claims.plan == "gold"', "claims.plan == ") is None
    assert changed(found.variants, text, 'claims.plan == "gold"', 'claims.plan == "none"') is None
    assert changed(found.variants, text, 'claims.plan == "gold"', 'claims.plan == "lead"') is not None


def test_tests_take_no_part() -> None:
    named = 'test "by d" { token corp { sub: "u" plan: "gold" } request GET "/solo" expect deny 403 by d }\n'
    found = rule_set(RULES + named)
    (drop,) = [mutant for mutant in found.mutants("drop_rule") if "deny" in mutant.before(found.tree)]
    variant = found.variants.of(drop)
    assert variant is not None, "a test that names a dropped rule is no mistake in the rules"
    assert variant.module.tests == ()


def test_only_the_changed_file_is_read_again() -> None:
    more = 'language 1\nroute more { match GET on "/more" trust corp upstream "http://127.0.0.1:9" }\nallow y on more always\n'
    tree = tree_of({"a.rules": HEAD + RULES, "b.rules": more})
    variants = Variants(tree, parse(tree).rule_set, None)
    start = more.index("more")
    span = Span(1, start, start + 4)
    variant = variants.of(Mutant("change", span, span, (Edit(span, "more"),), ""))
    assert variant is not None
    assert variant.plan.semantic == variants.original().plan.semantic


def test_a_rule_set_with_errors_has_no_mutants() -> None:
    tree = tree_of({"a.rules": "language 1\nallow a on nowhere always\n"})
    with pytest.raises(ValueError, match="no mutants"):
        Variants(tree, parse(tree).rule_set, None).original()
