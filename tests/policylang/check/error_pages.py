"""Every complaint's docstring is its page in the docs; here its examples are tried."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from _pytest.mark import ParameterSet

from policylang.check.check import check
from policylang.diagnostics.model import Diagnostic
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

PRELUDE = {
    "issuer corp ": """
        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub
          claims {
            sub: text(1..128)  tenant: slug  scope: set of text split " " default []
            plan: one of "free", "gold" default "free"  risk: int 0..100 optional
          }
        }""",
    "route orders ": """
        route orders {
          match GET, POST on "/v1/{tenant: slug}/orders/**"  trust corp  upstream "http://127.0.0.1:9000"
        }""",
    "allow read ": """
        allow read on orders always""",
}
"""What stands beside every example that does not declare it itself."""

Complaint = Callable[..., Diagnostic]


def complaints(module: ModuleType) -> Iterator[Complaint]:
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
            yield function


def complaints_of(module: ModuleType) -> list[ParameterSet]:
    """The constructors of an errors module, as parameters of a test."""
    return [pytest.param(function, id=function.__name__) for function in complaints(module)]


def example(page: str, word: str) -> str | None:
    """The indented block below ``Bad::`` or ``Good::``; None where the example is told in words."""
    match = re.search(rf"^{word}::\n\n((?:    .*\n|\n)+)", page + "\n", re.MULTILINE)
    return textwrap.dedent(match.group(1)) if match else None


def codes(text: str, folder: Path) -> dict[str, str]:
    """Code to severity of what an example is told, in a rule set of its own."""
    settings: dict[str, str | int] | None = None
    files = {"main.rules": ""}
    current = "main.rules"
    for line in text.splitlines():
        if value := re.fullmatch(r"# env: (\w+) = (.*)", line):
            settings = {**(settings or {}), value[1]: int(value[2]) if value[2].isdigit() else value[2].strip('"')}
        elif aux := re.fullmatch(r"# file (\S+): (.*)", line):
            (folder / aux[1]).write_text(aux[2])
        elif other := re.fullmatch(r"# file (\S+)", line):
            current = other[1]
            files[current] = ""
        else:
            files[current] += line + "\n"
    for opening, prelude in PRELUDE.items():
        if not any(re.search(rf"^{opening.strip()}\s", content, re.MULTILINE) for content in files.values()):
            files["main.rules"] += textwrap.dedent(prelude) + "\n"
    tree = tree_of({name: f"language 1\n{content}" for name, content in files.items()}, folder)
    parsed = parse(tree)
    assert not parsed.diagnostics, [d.title for d in parsed.diagnostics]
    return {d.code: d.severity for d in check(parsed.rule_set, tree, settings).diagnostics}


def prove(complaint: Complaint, folder: Path) -> None:
    """Assert that a page names its code, that its bad example is told it, and that its good example is told no error."""
    page = inspect.getdoc(complaint) or ""
    code = page[:4]
    assert re.match(r"R\d{3}: .*\.$", page.splitlines()[0])
    bad, good = example(page, "Bad"), example(page, "Good")
    if bad is None or good is None:
        assert re.search(r"^Bad: .+", page, re.MULTILINE)
        assert re.search(r"^Good: .+", page, re.MULTILINE)
        return
    assert code in codes(bad, folder)
    told = codes(good, folder)
    assert code not in told
    assert "error" not in told.values(), told
