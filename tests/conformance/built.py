"""Rule sets of the suite, compiled by every way there is: what the lanes run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policylang.check.check import check
from policylang.check.model import CheckedModule
from policylang.diagnostics.model import Diagnostic
from policylang.formatter.format import format_tree
from policylang.plan.codec import decode, encode
from policylang.plan.model import Plan
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax.parse import parse
from tests.conformance.document import Suite
from tests.strategies.engines import plan_of
from tests.strategies.tokens import ec_key, jwk

KEY_FILE = "keys/conformance.json"
SERVICE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Built:
    """A suite's rules: checked, as a plan, as the plan that its document is read back to, and the plan of the formatted text."""

    suite: Suite
    module: CheckedModule
    plan: Plan
    stored: Plan
    formatted: Plan


def key_folder(folder: Path) -> Path:
    """A root for rule sets that name the suite's key file, with the file in it."""
    path = folder / KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(public_key(), encoding="utf-8")
    return folder


@cache
def public_key() -> str:
    """The key that every issuer of the suite signs with."""
    return json.dumps(jwk(ec_key()))


def build(suite: Suite, root: Path, service: str = SERVICE) -> Built:
    """Compile a suite. Raises AssertionError with the complaints where its rules have an error."""
    module, plan = _compiled(suite.name, tree_of(suite.files, root), service)
    in_style = {formatted.source.path: formatted.text for formatted in format_tree(tree_of(suite.files, root)).files}
    _, formatted = _compiled(f"{suite.name}, formatted", tree_of(in_style, root), service)
    return Built(suite, module, plan, decode(encode(plan)), formatted)


def _compiled(name: str, tree: SourceTree, service: str) -> tuple[CheckedModule, Plan]:
    module, tree, errors = judged(tree, service)
    assert module is not None, (name, [(error.code, error.title) for error in errors])
    return module, plan_of(module, tree)


def judged(tree: SourceTree, service: str = SERVICE) -> tuple[CheckedModule | None, SourceTree, list[Diagnostic]]:
    """The module of a tree, or the errors."""
    parsed = parse(tree)
    if not parsed.ok:
        return None, tree, list(parsed.diagnostics)
    settings: Mapping[str, str | int] = {"service": service}
    found = check(parsed.rule_set, tree, settings)
    return found.module, tree, [one for one in found.diagnostics if one.severity == "error"]
