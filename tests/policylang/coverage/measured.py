"""Rule sets from text, run by their own tests and measured."""

from policylang.check.model import CheckedModule
from policylang.compiler import CompileResult, compile_tree
from policylang.coverage.measure import measure
from policylang.coverage.report import Coverage
from policylang.diagnostics.render_text import render_text
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax import nodes
from policylang.syntax.parse import parse
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
  }
}
issuer partner {
  iss "https://partner.test"   keys "https://partner.test/keys"   algorithms ES256   audience "api"
  identity by claims.sub
  claims { sub: text(1..128)   plan: one of "free", "gold", "lead" default "free"   scope: set of text split " " default []
           tenant: slug default "acme" }
}
metadata { fresh within 30s   roles: set of slug default []   blocked: bool default false }
"""
ROUTES = """
route both { match GET, POST on "/both/{tenant: slug}"   trust corp, partner   upstream "http://127.0.0.1:9" }
route solo { match GET, POST on "/solo"   trust corp   upstream "http://127.0.0.1:9" }
"""


def compiled(rules: str) -> CompileResult:
    """A rule set that must be without errors; it is put behind ``HEAD``."""
    result = compile_tree(tree_of({"a.rules": HEAD + rules}), None)
    assert result.module is not None, render_text(result.diagnostics, result.tree.files)
    return result


def checked(rules: str) -> tuple[SourceTree, nodes.RuleSet, CheckedModule]:
    """The tree, the nodes and the module of a rule set that must be without errors."""
    result = compiled(rules)
    assert result.module is not None
    return result.tree, parse(result.tree).rule_set, result.module


def measured(rules: str) -> Coverage:
    """The coverage of a rule set by the tests in it, which must pass."""
    result = compiled(rules)
    assert result.module is not None
    assert result.plan is not None
    engines = engines_of(result.module, result.plan)
    done = run_suite(cases_of(result.module), engines, lambda _outcome: None)
    assert done.passed, [outcome.failures for outcome in done.failed]
    return measure(result.tree, cases_of(result.module), engines)


def gaps(coverage: Coverage, *kinds: str) -> list[tuple[str, str]]:
    """What was not seen, as (text, words); of some kinds only where they are named."""
    return [(gap.text, gap.words) for gap in coverage.gaps() if not kinds or gap.kind in kinds]


def wanted(coverage: Coverage, *kinds: str) -> list[str]:
    """Every goal as "text: wanted"; of some kinds only where they are named."""
    return [
        f"{goal.subject or coverage.tree.text_of(goal.span)}: {goal.wanted}"
        for goal in coverage.goals
        if not kinds or goal.kind in kinds
    ]
