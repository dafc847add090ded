"""The sample is the same every time, the tests that judge are a module's own, and nothing is left out of the count."""

import pytest

from tests.mutation.__main__ import ROOT
from tests.mutation.modules import LEFT_OUT, MODULES, TESTS, judged_by, sampled
from tests.mutation.table import Row, row, table


def test_every_module_and_test_that_is_named_is_there() -> None:
    for pattern in MODULES:
        assert list((ROOT / "policylang").glob(pattern)), pattern
    assert all((ROOT / test).exists() for test in TESTS)
    for test in LEFT_OUT:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_a_sample_is_a_part_of_each_module_and_never_another_one() -> None:
    mutants = {"a": [f"a{i}" for i in range(100)], "b": ["b0", "b1"]}
    chosen = sampled(mutants, 1.0)
    assert len(set(chosen)) == len(chosen) == 10 + 2
    assert sampled({"b": ["b1", "b0"], "a": mutants["a"][::-1]}, 1.0) == [*chosen[10:], *chosen[:10]]
    assert set(chosen) < set(sampled(mutants, 3.0))


def test_a_module_is_judged_by_its_own_tests_and_the_properties() -> None:
    own, other = "tests/policylang/ir/test_stage.py::test_a", "tests/policylang/check/test_check.py::test_b"
    law = "tests/properties/test_equivalence.py::test_the_simulation_decides_as_the_oracle"
    reached = {"policylang.ir.stage.x_stage": [own, other, law], "policylang.ir.lower.x_lower": [other]}
    stats = judged_by({"tests_by_mangled_function_name": reached, "stats_time": 1})
    assert stats["stats_time"] == 1
    assert stats["tests_by_mangled_function_name"] == {
        "policylang.ir.stage.x_stage": [own, law], "policylang.ir.lower.x_lower": [other],
    }  # fmt: skip


def test_every_outcome_is_counted() -> None:
    one = row("m", {"a": 1, "b": 0, "c": 33, "d": -24, "e": None, "f": 3})
    assert one == Row("m", 6, 2, 1, ("c",), ("b",))
    assert table([one]).splitlines()[2] == "| m | 6 | 5 | 2 | 1 | 1 | 1 | 60 % |"
    assert table([one, one]).splitlines()[-1] == "| all | 12 | 10 | 4 | 2 | 2 | 2 | 60 % |"
    assert table([row("m", {"a": None})]).splitlines()[2] == "| m | 1 | 0 | 0 | 0 | 0 | 0 | - |"
    with pytest.raises(ValueError, match=r"b ended with 2$"):
        row("m", {"b": 2})
