"""Every case of ``tests/golden/expressions/*.md``: rules, and what the checker says of their conditions.

A file begins with a ``rules world`` block of declarations; each case after it is a ``rules`` block and the ``text``
block that it must give. ``UPDATE_GOLDEN=1`` rewrites the latter.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from policylang.check.environment import Sink
from policylang.check.infer import check_condition
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import nodes
from tests.policylang.check.expr_world import World, tree_text, world

FOLDER = Path(__file__).parents[2] / "golden" / "expressions"
_BLOCK = re.compile(r"```(rules world|rules|text)\n(.*?)```\n", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """``number`` counts the cases of a file from 1."""

    path: Path
    number: int
    declarations: str
    rules: str
    expected: str


def cases_in(path: Path) -> Iterator[Case]:
    blocks = _BLOCK.findall(path.read_text(encoding="utf-8"))
    assert blocks[0][0] == "rules world", path
    rest = blocks[1:]
    assert [kind for kind, _ in rest] == ["rules", "text"] * (len(rest) // 2), path
    for number, (rules, text) in enumerate(zip(rest[::2], rest[1::2], strict=True), 1):
        yield Case(path, number, blocks[0][1], rules[1], text[1])


CASES = [case for path in sorted(FOLDER.glob("*.md")) for case in cases_in(path)]


def answer(case: Case) -> str:
    """What the checker says of each rule of a case: its tree, or the complaints in the order of their places."""
    here = world(f"{case.declarations}{case.rules}")
    lines: list[str] = []
    sink = Sink()
    for rule in here.items:
        if isinstance(rule, nodes.Rule) and rule.when is not None:
            typed = check_condition(condition_of(rule), here.scoped(rule.scope), here.names, sink, effect=rule.effect)
            lines.append("refused" if typed is None else tree_text(typed))
    for found in sorted(sink.found, key=lambda one: (one.span, one.code)):
        lines += told(found, here)
    return "\n".join(lines) + "\n"


def condition_of(rule: nodes.Rule) -> nodes.Expr:
    """``when`` and not ``unless``, as the checker of rules joins them."""
    assert rule.when is not None
    if rule.unless is None:
        return rule.when
    return nodes.And(rule.when.span.to(rule.unless.span), (rule.when, nodes.Not(rule.unless.span, rule.unless)))


def told(found: Diagnostic, here: World) -> Iterator[str]:
    yield f"{found.code} {found.title}"
    for label in found.labels:
        yield f"  at `{here.source(label.span)}`" + (f": {label.text}" if label.text else "")
    for note in found.notes:
        yield f"  note: {note}"
    for paragraph in found.help:
        yield "  help: " + paragraph.replace("\n", "\n        ")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.path.stem}-{case.number}")
def test_golden(case: Case) -> None:
    found = answer(case)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text = case.path.read_text(encoding="utf-8")
        block = list(_BLOCK.finditer(text))[2 * case.number]
        case.path.write_text(text[: block.start(2)] + found + text[block.end(2) :], encoding="utf-8")
        return
    assert found == case.expected


def test_there_are_cases_for_most_complaints() -> None:
    shown = {code for case in CASES for code in re.findall(r"^(R2\d\d) ", case.expected, re.MULTILINE)}
    assert sum(case.rules.count(" when ") for case in CASES) >= 80
    assert len(shown) >= 40
