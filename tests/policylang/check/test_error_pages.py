"""Every complaint's docstring is its page in the docs: its bad example gets that complaint, its good example none."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from policylang.check import (
    errors_claims,
    errors_headers,
    errors_issuers,
    errors_items,
    errors_names,
    errors_policies,
    errors_routes,
    errors_scopes,
    errors_settings,
    errors_tests,
)
from policylang.check.check import check
from policylang.diagnostics.model import Diagnostic
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

MODULES = (
    errors_claims, errors_headers, errors_issuers, errors_items, errors_names, errors_policies, errors_routes,
    errors_scopes, errors_settings, errors_tests,
)  # fmt: skip

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


ALL = [pytest.param(function, id=function.__name__) for module in MODULES for function in complaints(module)]


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


@pytest.mark.parametrize("complaint", ALL)
def test_the_page_names_its_code_and_shows_it_bad_and_good(complaint: Complaint, tmp_path: Path) -> None:
    page = inspect.getdoc(complaint) or ""
    code = page[:4]
    assert re.match(r"R\d{3}: .*\.$", page.splitlines()[0])
    bad, good = example(page, "Bad"), example(page, "Good")
    if bad is None or good is None:
        assert re.search(r"^Bad: .+", page, re.MULTILINE)
        assert re.search(r"^Good: .+", page, re.MULTILINE)
        return
    assert code in codes(bad, tmp_path)
    told = codes(good, tmp_path)
    assert code not in told
    assert "error" not in told.values(), told


def test_no_code_stands_for_two_complaints() -> None:
    pages = [inspect.getdoc(function) or "" for module in MODULES for function in complaints(module)]
    used = [page[:4] for page in pages]
    assert len(set(used)) == len(used)
