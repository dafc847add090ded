"""Rule sets for the tests of the checker: a small sound one to write beside, and shorthands for what is said of one."""

from collections.abc import Mapping
from pathlib import Path

from policylang.check.check import CheckResult, check
from policylang.check.model import CheckedModule
from policylang.diagnostics.model import Diagnostic
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

CORP = """
issuer corp {
  iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
  identity by claims.sub
  claims {
    sub: text(1..128)  tenant: slug  scope: set of text split " "  plan: one of "free", "gold" default "free"
    risk: int 0..100 optional
  }
}
"""

ORDERS = """
route orders { match GET, POST on "/v1/{tenant: slug}/orders/**"  trust corp  upstream "http://127.0.0.1:9000" }
allow read on orders always
"""

HEALTH = """
route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
allow ping on health always
"""


def checked(
    text: str,
    settings: Mapping[str, str | int] | None = None,
    root: Path | None = None,
    others: Mapping[str, str] | None = None,
) -> CheckResult:
    """The result for ``main.rules`` with this text, and for other files by name; all of it parses."""
    files = {"main.rules": text, **(others or {})}
    tree = tree_of({name: f"language 1\n{content}" for name, content in files.items()}, root)
    parsed = parse(tree)
    assert not parsed.diagnostics, [diagnostic.title for diagnostic in parsed.diagnostics]
    return check(parsed.rule_set, tree, settings)


def told(text: str) -> list[str]:
    """The codes of what is said of a text beside the sound rule set, in the order of the source."""
    return [diagnostic.code for diagnostic in checked(text + CORP + ORDERS).diagnostics]


def only(text: str) -> Diagnostic:
    """The one thing that is said of a text beside the sound rule set."""
    (diagnostic,) = checked(text + CORP + ORDERS).diagnostics
    return diagnostic


def sound(text: str, root: Path | None = None) -> CheckedModule:
    """The module of a text beside the sound rule set; nothing worse than a warning is said."""
    result = checked(text + CORP + ORDERS, root=root)
    assert result.module is not None, [(d.code, d.title) for d in result.diagnostics]
    return result.module


def issuer(name: str, fields: str = "", claims: str = "sub: text(1..128)", **given: str) -> str:
    """An issuer block; ``given`` replaces fields, and an empty one leaves the field out."""
    usual = {
        "iss": f'"https://{name}.example"', "keys": f'"https://{name}.example/jwks"', "algorithms": "ES256",
        "audience": '"api"', "identity": "by claims.sub",
    }  # fmt: skip
    lines = [f"{field} {value}" for field, value in {**usual, **given}.items() if value]
    return f"issuer {name} {{ {' '.join(lines)} {fields} claims {{ {claims} }} }}\n"


def route(name: str, fields: str = "", **given: str) -> str:
    """A route block with an allow for it; ``given`` replaces fields, and an empty one leaves the field out."""
    usual = {"match": f'GET on "/{name}"', "trust": "corp", "upstream": '"http://127.0.0.1:9000"'}
    lines = [f"{field} {value}" for field, value in {**usual, **given}.items() if value]
    return f"route {name} {{ {' '.join(lines)} {fields} }}\nallow use_{name} on {name} always\n"
