"""Tests mirror the tree: each module with logic has a test of its name, and each test has its module."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("policylang", "gateway")

# Tested through the modules that are made of them: each line says where.
COVERED_ELSEWHERE = {
    "gateway/server/call.py": "data",
}


def has_logic(path: Path) -> bool:
    """Whether a module defines a function or method with a body that is more than a docstring or an ellipsis."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
            if body:
                return True
    return False


def modules() -> list[Path]:
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return [path.relative_to(ROOT) for path in found if path.name != "__init__.py" and has_logic(path)]


def mirror(module: Path) -> Path:
    return Path("tests") / module.parent / f"test_{module.name}"


@pytest.mark.parametrize("module", modules(), ids=str)
def test_each_module_has_its_test(module: Path) -> None:
    if str(module) in COVERED_ELSEWHERE:
        return
    package_test = Path("tests") / module.parent.parent / f"test_{module.parent.name}.py"
    assert (ROOT / mirror(module)).exists() or (ROOT / package_test).exists()
