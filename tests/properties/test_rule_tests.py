"""Tests of rules: whatever is written, the checker says what is wrong with it, or it runs and the engines agree."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from policylang.compiler import compile_tree
from policylang.source.tree import tree_of
from policylang.testing.model import Engines
from policylang.testing.suite import cases_of, engines_of, run_case
from tests.strategies.profile import examples

QUICKSTART = Path("rules/quickstart")
RULES = (QUICKSTART / "gateway.rules").read_text(encoding="utf-8")
TESTS = (QUICKSTART / "gateway.tests.rules").read_text(encoding="utf-8")
BLOCKS = [f"test {block}" for block in TESTS.split("\ntest ")[1:]]
FIXTURES = TESTS.split("\ntest ", maxsplit=1)[0]
WORDS = sorted({word for block in BLOCKS for word in block.split()})


@st.composite
def altered(draw: st.DrawFn) -> str:
    """A good test with some words replaced, left out or doubled."""
    words = draw(st.sampled_from(BLOCKS)).split(" ")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(words) - 1))
        words[at : at + 1] = draw(
            st.one_of(st.sampled_from(WORDS).map(lambda word: [word]), st.just([]), st.just([words[at]] * 2))
        )
    return " ".join(words)


@given(altered())
@examples(60)
def test_a_test_is_refused_or_runs_and_the_engines_agree(test: str) -> None:
    result = compile_tree(tree_of({"a.rules": RULES, "b.tests.rules": f"{FIXTURES}\n{test}"}), None)
    if result.plan is None or result.module is None:
        assert any(diagnostic.severity == "error" for diagnostic in result.diagnostics)
        return
    engines: Engines = engines_of(result.module, result.plan)
    for case in cases_of(result.module):
        outcome = run_case(case, engines)
        assert all(failure.kind != "disagreement" for failure in outcome.failures)
        assert all(failure.expected != failure.actual for failure in outcome.failures)
        assert len(outcome.answers) == len(case.steps)
