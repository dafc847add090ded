"""Every complaint's docstring is its page in the docs: its bad example gets that complaint, its good example none."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from policylang.diagnostics import source_errors
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import (
    errors,
    errors_declarations,
    errors_expressions,
    errors_literals,
    errors_patterns,
    errors_words,
)
from tests.policylang.syntax.reading import codes

MODULES = (
    errors, errors_declarations, errors_expressions, errors_literals, errors_patterns, errors_words, source_errors,
)  # fmt: skip
RANGES = {
    "errors": range(100, 115),
    "errors_words": range(115, 130),
    "errors_literals": range(130, 150),
    "errors_expressions": range(150, 170),
    "errors_declarations": range(170, 190),
    "errors_patterns": range(450, 480),
    "source_errors": range(700, 720),
}
TOLD_IN_WORDS = {"R100", "R101", "R102", "R109", "R115", "R127", "R150", "R451"}

Complaint = Callable[..., Diagnostic]


def complaints(module: ModuleType) -> Iterator[Complaint]:
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__ and name != "source_trouble":
            yield function


ALL = [pytest.param(function, id=function.__name__) for module in MODULES for function in complaints(module)]


def example(page: str, word: str) -> str | None:
    """The indented block below ``Bad::`` or ``Good::``; None where the example is told in words."""
    match = re.search(rf"^{word}::\n\n((?:    .*\n|\n)+)", page + "\n", re.MULTILINE)
    return textwrap.dedent(match.group(1)) if match else None


@pytest.mark.parametrize("complaint", ALL)
def test_the_page_names_its_code_and_shows_it_bad_and_good(complaint: Complaint) -> None:
    page = inspect.getdoc(complaint) or ""
    code = page[:4]
    assert re.match(r"R\d{3}: .*\.$", page.splitlines()[0])
    bad, good = example(page, "Bad"), example(page, "Good")
    if bad is None or good is None:
        assert code in TOLD_IN_WORDS or code.startswith("R7")
        assert re.search(r"^Bad: .+\.$", page, re.MULTILINE)
        assert re.search(r"^Good: .+\.$", page, re.MULTILINE)
        return
    assert codes(bad) == [code]
    assert codes(good) == []


def test_codes_are_unique_and_in_the_range_of_their_module() -> None:
    seen: set[str] = set()
    for module in MODULES:
        for function in complaints(module):
            code = (inspect.getdoc(function) or "")[:4]
            assert code not in seen
            assert int(code[1:]) in RANGES[module.__name__.rpartition(".")[2]]
            seen.add(code)
