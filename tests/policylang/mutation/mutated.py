"""Rule sets from text, their mutants, and what some tests make of one of them."""

from dataclasses import dataclass

from policylang.compiler import compile_tree
from policylang.diagnostics.render_text import render_text
from policylang.mutation.generate import mutants_of
from policylang.mutation.judge import Judged, judge
from policylang.mutation.mutant import Mutant
from policylang.mutation.variant import Variants
from policylang.mutation.written import Written
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax import nodes
from policylang.syntax.parse import parse
from policylang.testing.model import Case
from policylang.testing.suite import cases_of, engines_of, run_suite

HEAD = """language 1
issuer corp {
  iss "https://corp.test"   keys "https://corp.test/keys"   algorithms ES256   audience "api"   identity by claims.sub
  claims {
    sub:    text(1..128)
    plan:   one of "free", "gold", "lead"   default "free"
    scope:  set of text   split " "   default []
    risk:   int 0..100   optional
    tenant: slug   default "acme"
    login:  time   default 0
    staff:  bool   default false
    age:    int 0..10   default 0
  }
}
issuer partner {
  iss "https://partner.test"   keys "https://partner.test/keys"   algorithms ES256   audience "api"
  identity by claims.sub
  claims { sub: text(1..128)   plan: one of "free", "gold", "lead" default "free"   scope: set of text split " " default []
           tenant: slug default "acme"   staff: bool default false   age: int 0..10 default 0 }
}
"""
ROUTES = """
route both { match GET, POST on "/both/{tenant: slug}"   trust corp, partner   upstream "http://127.0.0.1:9" }
route solo { match GET, POST on "/solo"   trust corp   upstream "http://127.0.0.1:9" }
"""
ALLOWED = "allow z on both, solo always\n"
BASE = ROUTES + ALLOWED


@dataclass
class RuleSet:
    """A rule set without errors and all that is made of it."""

    tree: SourceTree
    rule_set: nodes.RuleSet
    written: Written
    variants: Variants
    cases: tuple[Case, ...]

    def mutants(self, operator: str) -> list[Mutant]:
        """The mutants of one operator."""
        return [mutant for mutant in mutants_of(self.written) if mutant.operator == operator]

    def changes(self, operator: str) -> list[tuple[str, str]]:
        """The mutants of one operator as (before, after)."""
        return [(mutant.before(self.tree), mutant.after(self.tree)) for mutant in self.mutants(operator)]

    def judged(self, operator: str, after: str) -> Judged:
        """What becomes of the one mutant of an operator that ends so."""
        (mutant,) = [one for one in self.mutants(operator) if one.after(self.tree) == after]
        (found,) = judge([mutant], self.variants, self.cases, None, lambda _done: None)
        return found


def rule_set(rules: str) -> RuleSet:
    """A rule set with ``rules`` behind ``HEAD``, whose own tests must pass."""
    tree = tree_of({"a.rules": HEAD + rules})
    result = compile_tree(tree, None)
    assert result.module is not None, render_text(result.diagnostics, tree.files)
    assert result.plan is not None
    parsed = parse(tree).rule_set
    cases = cases_of(result.module)
    done = run_suite(cases, engines_of(result.module, result.plan), lambda _outcome: None)
    assert done.passed, [outcome.failures for outcome in done.failed]
    return RuleSet(tree, parsed, Written(tree, parsed, result.module), Variants(tree, parsed, None), cases)


def asking(facts: str, *steps: str, path: str = "/solo", method: str = "GET", issuer: str = "corp") -> str:
    """A test with one request."""
    lines = "\n  ".join(steps)
    title = " ".join((issuer, facts, method, path, *steps)).replace('"', "'")
    return f'test "{title}" {{\n  token {issuer} {{ sub: "u" {facts} }}\n  request {method} "{path}"\n  {lines}\n}}\n'


def fates(rules: str, operator: str, after: str, *, sharp: str, blunt: str) -> tuple[str, str]:
    """What becomes of a mutant when a sharp test is run on it, and when a blunt one is."""
    first, second = (rule_set(rules + tests).judged(operator, after).fate for tests in (sharp, blunt))
    return first, second


NOTICED = ("noticed", "survived")
