"""Complaints about expressions: each docstring is a page whose bad example gets that complaint, and whose good one none."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from policylang.check import (
    errors_expr_absence,
    errors_expr_constant,
    errors_expr_literals,
    errors_expr_names,
    errors_expr_types,
)
from policylang.check.check import check
from policylang.diagnostics.model import Diagnostic
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

MODULES = (errors_expr_absence, errors_expr_constant, errors_expr_literals, errors_expr_names, errors_expr_types)

_ISSUER = """issuer {0} {{ iss "https://{0}.example"  keys "https://{0}.example/jwks"  algorithms ES256
  audience "api"  identity by claims.sub  claims {{ {1} }} }}"""

PRELUDE = {
    "issuer staff ": _ISSUER.format(
        "staff",
        """sub: text(1..128)  tenant: slug  scope: set of text split " "  plan: one of "free", "gold" default "free"
        acr: one of "pwd", "mfa" default "pwd"  auth_time: time  risk: int 0..100 optional  level: int 0..9
        email: email  role: text  roles: set of text  version: text  logged_in: int 0..4102444800
        score: int 0..100  tier: one of "reader", "silver" default "reader"
        counter: int 0..9223372036854775807  used: int 0..1000000""",
    ),
    "issuer partner ": _ISSUER.format("partner", "sub: text(1..64)  tenant: slug  scope: set of text  level: text"),
    "issuer hooks ": _ISSUER.format("hooks", "sub: text(1..64)  events: set of text"),
    "metadata ": "metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }",
    "policy reader ": 'policy reader { rate 5 per 1s burst 10  grants "orders:read" }',
    "policy free ": "policy free { rate 5 per 1s burst 10 }",
    "policy gold ": 'policy gold { rate 50 per 1s burst 100  grants "orders:export" }',
    "select policy ": "select policy on orders, ops { use gold when claims.scope == []  use reader otherwise }",
    "route orders ": 'route orders { match GET on "/v1/{tenant: slug}/orders"  trust staff  upstream "http://o:1" }',
    "route mixed ": 'route mixed { match GET on "/mixed/{tenant: slug}"  trust staff, partner  upstream "http://o:1" }',
    "route shop ": 'route shop { match GET on "/shop"  trust staff, anonymous  upstream "http://o:1" }',
    "route ops ": 'route ops { match GET on "/ops"  trust staff  upstream "http://o:1" }',
    "route docs ": 'route docs { match GET on "/docs"  trust staff  upstream "http://o:1" }',
    "route hook ": 'route hook { match POST on "/hook"  trust hooks  upstream "http://o:1" }',
    "route health ": 'route health { match GET on "/health"  trust anonymous  upstream "http://o:1" }',
    "allow any": "allow any_of_all on orders, mixed, shop, ops, docs, hook, health always",
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


def told(text: str) -> dict[str, str]:
    """Code to severity of what an example is told, in a rule set of its own."""
    lines = [text]
    for opening, prelude in PRELUDE.items():
        if not re.search(rf"^(# no )?{opening}", text, re.MULTILINE):
            lines.append(prelude)
    tree = tree_of({"main.rules": "language 1\n" + "\n".join(lines) + "\n"})
    parsed = parse(tree)
    assert not parsed.diagnostics, [found.title for found in parsed.diagnostics]
    return {found.code: found.severity for found in check(parsed.rule_set, tree, None).diagnostics}


@pytest.mark.parametrize("complaint", ALL)
def test_the_page_shows_its_complaint_bad_and_good(complaint: Complaint) -> None:
    page = inspect.getdoc(complaint) or ""
    assert re.match(r"R2[0-4]\d: .*\.$", page.splitlines()[0])
    bad, good = example(page, "Bad"), example(page, "Good")
    if bad is None or good is None:
        assert re.search(r"^Bad: .+", page, re.MULTILINE)
        assert re.search(r"^Good: .+", page, re.MULTILINE)
        return
    assert page[:4] in told(bad)
    assert "error" not in told(good).values(), told(good)


def test_each_code_belongs_to_one_complaint() -> None:
    used = [(inspect.getdoc(function) or "")[:4] for module in MODULES for function in complaints(module)]
    assert len(set(used)) == len(used)
    assert set(used) <= {f"R{number}" for number in range(200, 250)}
