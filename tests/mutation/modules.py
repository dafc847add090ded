"""Which modules are changed, which tests judge a change, and how many changes of each module are tried."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from math import sqrt
from typing import Any

CHECKER = (
    "infer", "certain", "expr_absence", "expr_arms", "expr_compare", "expr_guards", "expr_membership", "expr_constant",
    "expr_contradiction", "ties", "writers", "selects", "select_arms", "select_cells", "select_places", "select_windows",
)  # fmt: skip
MODULES = (
    "limits/*.py", "ir/lower.py", "ir/nodes.py", "ir/stage.py", "ir/passes/*.py", "codegen/*.py",
    *(f"check/{name}.py" for name in CHECKER),
)  # fmt: skip
"""Below ``policylang/``."""

PROPERTIES = ("test_the_simulation_decides_as_the_oracle", "test_neither_storage_nor_passes", "test_limit_arithmetic")
"""Beside a module's own tests: what compares the whole with the oracle and the model of limits."""

TESTS = (
    "tests/policylang/limits", "tests/policylang/ir", "tests/policylang/codegen", "tests/policylang/check",
    "tests/properties/test_equivalence.py", "tests/properties/test_decisions.py",
)  # fmt: skip
LEFT_OUT = (
    "tests/policylang/codegen/test_emit_expr.py::test_many_operands_and_deep_nesting_compile",
    "tests/policylang/codegen/test_assemble.py::test_many_rules_are_split_into_functions_that_decide_alike",
    "tests/policylang/check/test_key_file.py::test_any_text_has_an_answer",
    "tests/policylang/check/test_urls.py::test_any_text_has_an_answer",
    "tests/policylang/check/test_check.py::test_ten_thousand_rules_over_many_routes",
    "tests/policylang/check/test_check.py::test_the_answer_does_not_depend_on_hashing",
    "tests/policylang/check/test_check.py::test_the_work_grows_with_the_rule_set_and_not_with_its_square",
    "tests/properties/test_equivalence.py::test_hash_seeds_change_no_byte",
)
"""The first meets the limit of recursion, for mutmut puts a frame around each function; the others take too long."""


def sampled(mutants: Mapping[str, Sequence[str]], share: float) -> list[str]:
    """Of each module ``share`` times the square root of its mutants, but four at least: the same ones every time."""
    chosen: list[str] = []
    for names in mutants.values():
        most = max(4, round(share * sqrt(len(names))))
        chosen += sorted(names, key=lambda name: sha256(name.encode()).digest())[:most]
    return chosen


def judged_by(stats: dict[str, Any]) -> dict[str, Any]:
    """mutmut's record of which tests reach which function, cut down to the folder's own tests and the properties."""
    reached: dict[str, list[str]] = stats["tests_by_mangled_function_name"]
    return {**stats, "tests_by_mangled_function_name": {name: _own(name, tests) for name, tests in reached.items()}}


def _own(function: str, tests: Iterable[str]) -> list[str]:
    reaching = list(tests)
    folder = f"tests/policylang/{function.split('.')[1]}/"
    return [
        test for test in reaching if test.startswith(folder) or any(name in test for name in PROPERTIES)
    ] or reaching
