"""Tests as they run: fixtures in the place of ``given``, and one example for each row with the row's values in place.

Law of this file: what it returns has no ``given``, no row and no reference to one; what cannot be put in place is
complained of, and its example is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from policylang.check import errors_names
from policylang.check import errors_rows as errors
from policylang.check.nearest import nearest
from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast

Givens = Mapping[str, ast.Given]
Tell = Callable[[Diagnostic], None]
Part = TypeVar("Part", bound=nodes.Node)

MOST_ROWS = 1_000


@dataclass(frozen=True)
class Example:
    """A test, or one row of it (``row`` counts from 1, 0 without rows). ``span`` is the title's, or the row's."""

    title: str
    span: Span
    row: int
    steps: tuple[ast.Step, ...]


def examples(test: ast.Test, givens: Givens, tell: Tell) -> list[Example]:
    """A test's examples, in the order of its rows."""
    steps = _inlined(test.steps, givens, tell)
    rows = [step for step in steps if isinstance(step, ast.RowStep)]
    steps = [step for step in steps if not isinstance(step, ast.RowStep)]
    if len(rows) > MOST_ROWS:
        tell(errors_names.too_many("rows in one test", len(rows), MOST_ROWS, rows[MOST_ROWS].span))
        return []
    made = []
    used: set[str] = set()
    for number, row in enumerate(rows or [None], 1):
        placing = _Placing(row, tell)
        placed = tuple(placing.step(step) for step in steps)
        used |= placing.used
        if not placing.broken:
            title, span = (test.title.value, test.title.span) if row is None else _named(test, number, row)
            made.append(Example(title, span, 0 if row is None else number, placed))
    for cell in (cell for row in rows for cell in row.cells):
        if cell.name.text not in used:
            tell(errors.cell_unused(cell.name.text, nearest(cell.name.text, used), cell.name.span))
    return made


def _named(test: ast.Test, number: int, row: ast.RowStep) -> tuple[str, Span]:
    return f"{test.title.value} [row {number}]", row.span


def _inlined(steps: Sequence[ast.Step], givens: Givens, tell: Tell) -> list[ast.Step]:
    found: list[ast.Step] = []
    for step in steps:
        if not isinstance(step, ast.GivenStep):
            found.append(step)
        elif step.name.text in givens:
            found.extend(givens[step.name.text].steps)
        else:
            near = nearest(step.name.text, givens)
            tell(errors_names.unknown_name("fixture", step.name.text, step.name.span, near))
    return found


@dataclass
class _Placing:
    """One row going into the steps of its test; ``row`` None: a test without rows."""

    row: ast.RowStep | None
    tell: Tell
    used: set[str] = field(default_factory=set)
    broken: bool = False
    cells: dict[str, ast.Fact | ast.Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for cell in self.row.cells if self.row is not None else ():
            first = self.cells.setdefault(cell.name.text, cell)
            if first is not cell:
                self._complain(errors_names.listed_twice("cell", cell.name.text, cell.span, first.span))
            if isinstance(cell, ast.Fact) and isinstance(cell.value, ast.RowRef):
                self._complain(errors.cell_unknown(cell.value.name, "a cell is no reference", None, cell.value.span))

    def step(self, step: ast.Step) -> ast.Step:
        """The step with the row's values."""
        match step:
            case ast.TokenStep(facts=facts):
                return replace(step, facts=tuple(map(self._fact, facts)))
            case ast.MetadataStep(facts=facts) if facts is not None:
                return replace(step, facts=tuple(map(self._fact, facts)))
            case ast.RawTokenStep(payload=payload) if payload is not None:
                return replace(step, payload=self._value(payload, nodes.Str, "a text"))
            case ast.UsedStep():
                return replace(step, count=self._value(step.count, nodes.Int, "a number"))
            case ast.RequestStep():
                parts = tuple(replace(part, value=self._value(part.value, nodes.Str, "a text")) for part in step.parts)
                method = self._value(step.method, nodes.Name, "a method")
                return replace(step, method=method, target=self._value(step.target, nodes.Str, "a text"), parts=parts)
            case ast.ExpectStep(answer=answer):
                found = self._value(answer, ast.Expected, "an answer")
                if not isinstance(found, ast.Expected):
                    return step
                expectations = tuple(map(self._expectation, (*found.expectations, *step.more)))
                return ast.ExpectStep(step.span, replace(found, expectations=expectations))
            case _:
                return step

    def _expectation(self, expectation: ast.Expectation) -> ast.Expectation:
        match expectation:
            case ast.ExpectHeader(value=value) if isinstance(value, ast.RowRef):
                return replace(expectation, value=self._value(value, nodes.Str, "a text"))
            case ast.ExpectToken(facts=facts) if facts is not None:
                return replace(expectation, facts=tuple(map(self._fact, facts)))
            case ast.ExpectLeft():
                return replace(expectation, count=self._value(expectation.count, nodes.Int, "a number"))
            case _:
                return expectation

    def _fact(self, fact: ast.Fact) -> ast.Fact:
        if not isinstance(fact.value, ast.RowRef):
            return fact
        cell = self._cell(fact.value)
        if isinstance(cell, ast.Fact):
            return replace(fact, kind=cell.kind, value=cell.value)
        if cell is not None:
            self._complain(errors.cell_misfit(fact.value.name, "a value", cell.value.span, fact.value.span))
        return fact

    def _value(self, part: Part | ast.RowRef, wanted: type[Part], what: str) -> Part | ast.RowRef:
        """What stands in a place, or what the row puts there; the reference itself after a complaint."""
        if not isinstance(part, ast.RowRef):
            return part
        cell = self._cell(part)
        if cell is None:
            return part
        if (isinstance(cell, ast.Cell) or cell.kind == "value") and isinstance(cell.value, wanted):
            return cell.value
        self._complain(errors.cell_misfit(part.name, what, cell.span, part.span))
        return part

    def _cell(self, ref: ast.RowRef) -> ast.Fact | ast.Cell | None:
        self.used.add(ref.name)
        cell = self.cells.get(ref.name)
        if cell is None:
            reason = "this test has no rows" if self.row is None else "a row of this test has no such cell"
            near, row = nearest(ref.name, self.cells), None if self.row is None else self.row.span
            self._complain(errors.cell_unknown(ref.name, reason, near, ref.span, row))
        return cell

    def _complain(self, diagnostic: Diagnostic) -> None:
        self.broken = True
        self.tell(diagnostic)
