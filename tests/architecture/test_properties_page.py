"""The page of properties names tests that there are, for every property once."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PAGE = Path("docs/internals/properties.md")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/.]+\.py)::(\w+)`")
COUNT = 41

ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


@cache
def named_in(path: str) -> set[str]:
    """The tests of a file: functions, and classes of state machines, which are assigned."""
    found: set[str] = set()
    for node in ast.parse(Path(path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in found if name.startswith(("test_", "Test"))}


def test_every_property_has_its_row() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, COUNT + 1))
    assert len(re.findall(r"^\| \d", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == COUNT


@pytest.mark.parametrize(("number", "tests"), [(number, tests) for number, _, tests, _ in ROWS])
def test_every_test_that_is_named_exists(number: str, tests: str) -> None:
    named = NAMED.findall(tests)
    assert named, number
    assert len(named) == len(tests.split("<br>"))
    for path, name in named:
        assert Path(path).is_file(), path
        assert name in named_in(path), f"{path}::{name}"


def test_every_file_of_properties_is_on_the_page() -> None:
    on_page = {path for _, _, tests, _ in ROWS for path, _ in NAMED.findall(tests)}
    every = {str(path) for path in Path("tests/properties").glob("test_*.py")}
    assert every - on_page <= {"tests/properties/test_measuring.py", "tests/properties/test_rule_tests.py"}
