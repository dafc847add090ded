"""The writer of one generated function: its statements, its locals, and what it takes from earlier stages."""

import ast
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.exprs import CONST, IDENTITY, REQUEST, TOKEN


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Something that is computed once in its stage and used there and later. Items with equal keys are one.

    ``build`` writes what is needed before it and returns the expression of its value; that of a stage CONST is an
    ``ast.Constant``. ``at`` is a position or -1.
    """

    key: Hashable
    stage: int
    build: Callable[["Writer"], ast.expr] = field(repr=False)
    at: int = -1


class Slots:
    """What one stage keeps for the later ones, in the order in which it was first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self.items: list[Item] = []

    def number(self, item: Item) -> int:
        """The slot of an item."""
        known = self._numbers.get(item.key)
        if known is None:
            known = self._numbers[item.key] = len(self.items)
            self.items.append(item)
        return known


class Constants:
    """The globals of a cell's functions: text of the rules, secrets and compiled patterns enter here, as values."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.globals: dict[str, Any] = dict(given)
        self._count = 0

    def bind(self, value: Any) -> ast.Name:
        """A global that holds the value."""
        name = f"_k{self._count}"
        self._count += 1
        self.globals[name] = value
        return py.name(name)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a cell finds values by name: indices into claims, metadata fields and captures."""

    claims: Mapping[str, int]
    fields: Mapping[str, int]
    captures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A function that another one of its stage calls: ``write`` writes its body, which ends with ``Writer.result``."""

    name: str
    stage: int
    write: Callable[["Writer"], None] = field(repr=False)


@dataclass(slots=True)
class Cellwide:
    """What the functions of one cell share while they are written. ``shared`` are constants bound once, by key.

    ``selected`` is what the cell's select chooses: ``runtime.policies.Selected``, or None for a fault. ``parts`` are the
    functions that have been called and are still to be written; ``named`` counts them.
    """

    analysis: Analysis
    layout: Layout
    constants: Constants
    selected: Item
    slots: dict[int, Slots] = field(default_factory=lambda: {TOKEN: Slots(), IDENTITY: Slots()})
    shared: dict[Hashable, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    named: int = 0

    def part(self, stage: int, write: Callable[["Writer"], None]) -> str:
        """Have a function written later; its name."""
        name = f"part{self.named}"
        self.named += 1
        self.parts.append(Part(name, stage, write))
        return name

    def bind_once(self, key: Hashable, make: Callable[[], Any]) -> ast.Name:
        """A global that is made the first time its key is asked for."""
        known = self.shared.get(key)
        if known is None:
            known = self.shared[key] = self.constants.bind(make()).id
        return py.name(known)


PARAMETERS: Mapping[int, tuple[str, ...]] = {
    TOKEN: ("claims", "identity", "now"),
    IDENTITY: ("token", "claims", "fields"),
    REQUEST: ("token", "identity", "request"),
}
"""What the function of a stage is given; a part of the token stage is given the interval too, and gives it back."""

INTERVAL = ("valid_from", "valid_until")
_SLOT_TUPLES = {TOKEN: "token", IDENTITY: "identity"}


class Writer:
    """Writes the statements of a function of one stage, in the order in which they run.

    ``places`` gives statements the position of the declaration they come from; ``at`` is that of the next statements.
    """

    def __init__(self, stage: int, cell: Cellwide) -> None:
        self.stage = stage
        self.cell = cell
        self.analysis = cell.analysis
        self.body: list[ast.stmt] = []
        self.places: dict[ast.stmt, int] = {}
        self.at = -1
        self._locals: dict[Hashable, ast.expr] = {}
        self._count = 0

    def add(self, statement: ast.stmt) -> None:
        """Append a statement."""
        self.places[statement] = self.at
        self.body.append(statement)

    def fresh(self, letter: str) -> str:
        """A name that is not in use."""
        self._count += 1
        return f"{letter}{self._count}"

    def assign(self, value: ast.expr, letter: str = "v") -> str:
        """A new local that holds the value."""
        identifier = self.fresh(letter)
        self.add(py.assign(identifier, value))
        return identifier

    def local(self, key: Hashable, build: Callable[[], ast.expr], letter: str = "v") -> ast.expr:
        """The value of a key as a simple node: assigned here if no statement on every way to here has done so."""
        known = self._locals.get(key)
        if known is None:
            value = build()
            known = self._locals[key] = value if py.is_simple(value) else py.name(self.assign(value, letter))
        return py.again(known)

    def use(self, wanted: Item) -> ast.expr:
        """The value of an item as a simple node: a slot of an earlier stage, a local, or a constant."""
        if CONST < wanted.stage < self.stage:
            return py.nth(_SLOT_TUPLES[wanted.stage], self.cell.slots[wanted.stage].number(wanted))
        with self.placed(wanted.at):
            return self.local(wanted.key, lambda: wanted.build(self))

    def apart(self, write: Callable[["Writer"], None]) -> ast.expr:
        """The result of a function of its own, of the same stage: so that no function grows with the number of rules."""
        call = py.call(self.cell.part(self.stage, write), *map(py.name, self._parameters()))
        if self.stage != TOKEN:
            return py.name(self.assign(call, "y"))
        result = self.fresh("y")
        targets = [ast.Name(name, ast.Store()) for name in (result, *INTERVAL)]
        self.add(ast.Assign([ast.Tuple(list(targets), ast.Store())], call))
        return py.name(result)

    def result(self, value: ast.expr) -> list[ast.stmt]:
        """The statements that end a part with a value."""
        interval = [py.name(name) for name in INTERVAL] if self.stage == TOKEN else []
        return [ast.Return(py.pack(value, *interval) if interval else value)]

    def _parameters(self) -> tuple[str, ...]:
        return (*PARAMETERS[self.stage], *INTERVAL) if self.stage == TOKEN else PARAMETERS[self.stage]

    @contextmanager
    def placed(self, at: int) -> Iterator[None]:
        """Statements within come from the declaration at ``at``; -1: from the one at hand."""
        before = self.at
        self.at = before if at == -1 else at
        try:
            yield
        finally:
            self.at = before

    @contextmanager
    def nested(self) -> Iterator[list[ast.stmt]]:
        """Statements within go into the list, and their locals are not known afterwards."""
        outer, known = self.body, dict(self._locals)
        self.body = []
        try:
            yield self.body
        finally:
            self.body, self._locals = outer, known
