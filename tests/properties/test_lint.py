"""What the linter says of rules that decide nothing is true of every request; and no rule set stops it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given

from policylang.check.model import And, CheckedModule, Not, Or, Rule
from policylang.linter.catalogue import RULES
from policylang.linter.conditions import references
from policylang.linter.rules import deny_without_effect, shadowed_allow, shadowed_deny
from policylang.linter.subject import Subject
from policylang.reference.oracle import Oracle
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from policylang.syntax.parse import parse
from policylang.syntax.trivia import Trivia
from policylang.typesys.terms import Bool
from tests.strategies.checking import Case, cases
from tests.strategies.profile import examples

IDLE = (shadowed_allow.RULE, deny_without_effect.RULE, shadowed_deny.RULE)
"""The rules that call another rule superfluous."""


def subject(case: Case) -> Subject:
    parsed = parse(case.kept.tree)
    return Subject(case.kept.module, parsed.rule_set, case.kept.tree, parsed.trivia, at=2_000_000_000)


def alike(module: CheckedModule) -> Iterator[Rule]:
    """Rules made of those that there are, so that some imply or exclude others."""
    rules = [rule for rule in module.rules if rule.condition is not None]
    for one in rules:
        for other in rules:
            if one is other or one.condition is None or other.condition is None or one.routes != other.routes:
                continue
            pair = (one.condition, other.condition)
            yield replace(one, name=f"{one.name}_and_{other.name}", condition=And(one.span, Bool(), pair))
            yield replace(one, name=f"{one.name}_or_{other.name}", condition=Or(one.span, Bool(), pair))
        if one.condition is not None:
            yield replace(
                one, name=f"not_{one.name}", effect="deny", condition=Not(one.span, Bool(), one.condition), until=None
            )


def written(rule: Rule) -> nodes.Rule:
    at = rule.span
    return nodes.Rule(at, rule.effect, nodes.Name(at, rule.name), nodes.Scope(at, "names"), (), None, None, None, None)


def superfluous(module: CheckedModule, case: Case) -> set[str]:
    # Every rule is written as one that names its routes: those with wide scopes are spared, and here none is to be.
    file = nodes.File(NOWHERE, "a.rules", 1, tuple(written(rule) for rule in module.rules))
    judged = Subject(module, nodes.RuleSet((file,)), case.kept.tree, Trivia(()))
    titles = [found.title for rule in IDLE for found in rule.check(judged, rule.defaults())]
    # The name that a title gives first is of the rule that does nothing; "no request … meets `x`" has only one.
    return {match[1] for title in titles if (match := re.search(r"`(\w+)`", title))}


@given(cases())
@examples(25)
def test_every_rule_looks_at_every_rule_set_and_points_into_its_text(case: Case) -> None:
    seen = subject(case)
    for rule in RULES:
        for found in rule.check(seen, rule.defaults()):
            text = seen.tree.files[found.span.file].text
            assert 0 <= found.span.start < found.span.end <= len(text), rule.code
            assert found.title, rule.code


@given(cases(4))
@examples(25)
def test_a_rule_that_is_called_superfluous_can_be_left_out(case: Case) -> None:
    made = [*case.kept.module.rules, *alike(case.kept.module)][:60]
    module = replace(case.kept.module, rules=tuple(sorted(made, key=lambda rule: (rule.effect, rule.name))))
    for name in sorted(superfluous(module, case)):
        rule = next(rule for rule in module.rules if rule.name == name and rule.effect in {"allow", "deny"})
        if any(ref.root == "header" for ref in references(rule.condition)):
            continue  # a header that some rule reads is refused when it is malformed, whatever the rule decides
        without = replace(module, rules=tuple(other for other in module.rules if other is not rule))
        for question in case.questions:
            assert Oracle(module).ask(question).status == Oracle(without).ask(question).status, name
