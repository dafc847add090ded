"""A cell, assembled: scope, items, one function a stage, code. The later stages are written first: they say what is kept."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import CodeType
from typing import Any

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.emit_said import Said
from policylang.codegen.emit_select import selected_item
from policylang.codegen.emit_verdict import Verdicts
from policylang.codegen.exprs import IDENTITY, REQUEST, TOKEN
from policylang.codegen.scope import Scope, reads_metadata, scope_steps
from policylang.codegen.source_map import compile_function, number
from policylang.codegen.writer import INTERVAL, PARAMETERS, Cellwide, Constants, Item, Layout, Writer
from policylang.plan.model import Plan
from policylang.plan.steps import Pace, Steps
from policylang.runtime.cell import Cell, TokenFacts
from policylang.runtime.keys import identity_part, value_part
from policylang.runtime.operators import within
from policylang.runtime.policies import Policies, policy_charges
from policylang.runtime.refusal import objection, withheld
from policylang.runtime.rendering import block, mint, text_of
from policylang.runtime.verdict import Charge, Verdict

FAR = 2**62
"""Microseconds; further from 1970 than any instant of a token."""

SLOTS_TOGETHER = 48
"""Slots that one function computes."""

GIVEN: Mapping[str, Any] = {
    "Charge": Charge,
    "TokenFacts": TokenFacts,
    "Verdict": Verdict,
    "block": block,
    "identity_part": identity_part,
    "mint": mint,
    "objection": objection,
    "policy_charges": policy_charges,
    "text_of": text_of,
    "value_part": value_part,
    "within": within,
    "withheld": withheld,
}
"""What generated code can call, and nothing else."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a cell's code is made of: functions in the order of their lines, and the places of their statements.

    A function is called by functions after it only.
    """

    scope: Scope
    needs_request: bool
    functions: list[ast.FunctionDef]
    places: dict[ast.stmt, int]
    constants: Constants


def cell_name(plan: Plan, number: int, method: str, issuer: int | None) -> str:
    """The file name of a cell's code; two plans that differ in meaning have different ones."""
    who = "anonymous" if issuer is None else plan.issuers[issuer].name
    return f"<policylang {plan.routes[number].name} {method} {who}{' ' * bool(plan.semantic)}{plan.semantic[:8]}>"


def cell_steps(
    plan: Plan, secrets: Mapping[str, str], policies: Policies, key: tuple[int, str, int | None]
) -> Steps[Cell]:
    """The cell of a (route, method, issuer), giving way between its parts.

    Raises:
        PlanRefused: an expression that no checked rule set has.
    """
    source = yield from source_steps(plan, secrets, policies, key)
    filename, scope = cell_name(plan, *key), source.scope
    made: dict[str, Any] = {}
    # Trees are let go one by one: to free all of a large cell at once takes as long as some of its steps together.
    source.places.clear()
    waiting = source.functions[::-1]
    source.functions.clear()
    while waiting:
        function = waiting.pop()
        code = compile_function(function, filename)
        names = _names(code, filename, source.constants.globals, made)
        exec(code, names)  # noqa: S102 - the code of an ast that this package built; text enters as constants only
        # No function is in its own globals: a cell that is dropped is gone at once, without a collection.
        made[function.name] = names.pop(function.name)
        yield
    return Cell(
        route=scope.number,
        method=scope.method,
        issuer=scope.issuer,
        needs_metadata=reads_metadata(scope.reads),
        needs_request=source.needs_request,
        headers=tuple(sorted(ref[1] for ref in scope.reads | scope.shadow_reads if ref[0] in ("header", "shadowed"))),
        token_facts=made["token_facts"],
        identity_facts=made["identity_facts"],
        decide=made["decide"],
        reads_metadata=reads_metadata(scope.reads | scope.shadow_reads),
    )


def _names(code: CodeType, filename: str, given: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """The globals of one function: those that it uses, and no builtins."""
    functions = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    names = {name for function in functions for name in function.co_names}
    used = {name: given[name] if name in given else made[name] for name in names if name in given or name in made}
    return {"__builtins__": {}, "__name__": filename, **used}


def source_steps(
    plan: Plan, secrets: Mapping[str, str], policies: Policies, key: tuple[int, str, int | None]
) -> Steps[Source]:
    """The functions of a cell as syntax trees. The same for the same arguments, always."""
    scope = yield from scope_steps(plan, *key)
    analysis = Analysis(scope.optional)
    selected = selected_item(scope, analysis, policies)
    yield from _analyse(scope, analysis)
    cell = Cellwide(analysis, _layout(scope), Constants(GIVEN), selected)
    verdicts = Verdicts(scope, analysis, selected, Said(scope, analysis, selected, secrets))
    yield
    script = _Script(cell)

    def write_decide(writer: Writer) -> None:
        verdicts.write(writer, lambda value: [ast.Return(value)])

    yield from script.write("decide", REQUEST, write_decide)
    if verdicts.writes_refuse():
        yield from script.write("refuse", REQUEST, verdicts.write_refuse)
    yield from script.write("identity_facts", IDENTITY, _write_identity)
    yield from script.write("token_facts", TOKEN, _write_token)
    # Whatever calls a function was written before it: turned round, each stands behind those that it calls.
    script.functions.reverse()
    line = 1
    for function in script.functions:
        line = number(function, line)
        yield
    return Source(scope, verdicts.stage == REQUEST, script.functions, script.places, cell.constants)


def _analyse(scope: Scope, analysis: Analysis) -> Steps[None]:
    """Ask of every condition what will be asked again and again: the answers are kept."""
    pace = Pace()
    for rule in (*scope.denies, *scope.allows, *scope.shadows):
        analysis.stage(rule.condition)
        analysis.faults(rule.condition)
        pace.nodes += 4
        if pace.due():
            yield


class _Script:
    """The functions of a cell as they are written."""

    def __init__(self, cell: Cellwide) -> None:
        self._cell = cell
        self.functions: list[ast.FunctionDef] = []
        self.places: dict[ast.stmt, int] = {}

    def write(self, name: str, stage: int, body: Callable[[Writer], None]) -> Steps[None]:
        """Write a function and every part that it, or a part of it, calls."""
        self._write(name, stage, PARAMETERS[stage], body)
        yield
        while self._cell.parts:
            part = self._cell.parts.pop(0)
            given = (*PARAMETERS[stage], *INTERVAL) if part.stage == TOKEN else PARAMETERS[part.stage]
            self._write(part.name, part.stage, given, part.write)
            yield

    def _write(self, name: str, stage: int, parameters: tuple[str, ...], body: Callable[[Writer], None]) -> None:
        writer = Writer(stage, self._cell)
        body(writer)
        self.functions.append(_function(name, parameters, writer.body))
        self.places.update(writer.places)


def _write_identity(writer: Writer) -> None:
    writer.add(ast.Return(_kept(writer, writer.cell.slots[IDENTITY].items)))


def _write_token(writer: Writer) -> None:
    writer.add(py.assign("valid_from", py.const(-FAR)))
    writer.add(py.assign("valid_until", py.const(FAR)))
    kept = _kept(writer, writer.cell.slots[TOKEN].items)
    writer.add(ast.Return(py.call("TokenFacts", *map(py.name, INTERVAL), kept)))


def _kept(writer: Writer, items: Sequence[Item]) -> ast.expr:
    """The slots of a stage as a tuple; of many, so many at a time in functions of their own."""
    if len(items) <= SLOTS_TOGETHER:
        return py.pack(*map(writer.use, items))

    def write(part: Writer, some: Sequence[Item]) -> None:
        for statement in part.result(py.pack(*map(part.use, some))):
            part.add(statement)

    chunks = [items[i : i + SLOTS_TOGETHER] for i in range(0, len(items), SLOTS_TOGETHER)]
    parts = [writer.apart(partial(write, some=chunk)) for chunk in chunks]
    return py.pack(*map(py.spread, parts))


def _function(name: str, parameters: tuple[str, ...], body: list[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments([], [ast.arg(parameter) for parameter in parameters], None, [], [], None, [])
    return ast.FunctionDef(name, arguments, body, [])


def _layout(scope: Scope) -> Layout:
    issuer, metadata = scope.declared_issuer, scope.plan.metadata
    return Layout(
        claims={claim.name: i for i, claim in enumerate(issuer.claims)} if issuer else {},
        fields={field.name: i for i, field in enumerate(metadata.fields)} if metadata else {},
        captures={name: i for i, name in enumerate(scope.route.captures)},
    )
