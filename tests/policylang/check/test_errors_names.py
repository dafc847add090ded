import importlib
import inspect
from collections import Counter
from pathlib import Path

import pytest

import policylang.check
from policylang.check import errors_names
from tests.policylang.check.error_pages import Complaint, complaints, complaints_of, prove


@pytest.mark.parametrize("complaint", complaints_of(errors_names))
def test_the_page_of_each_complaint_is_true(complaint: Complaint, tmp_path: Path) -> None:
    prove(complaint, tmp_path)


def test_no_code_stands_for_two_complaints() -> None:
    folder = Path(policylang.check.__path__[0])
    modules = [importlib.import_module(f"policylang.check.{path.stem}") for path in folder.glob("errors_*.py")]
    codes = Counter((inspect.getdoc(made) or "")[:4] for module in modules for made in complaints(module))
    assert len(codes) > 100
    assert {code for code, count in codes.items() if count > 1} == set()
