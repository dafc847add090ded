"""A cell, assembled: scope, items, one function a stage, code. The later stages are written first: they say what is kept."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.emit_said import Said
from policylang.codegen.emit_select import selected_item
from policylang.codegen.emit_verdict import Verdicts
from policylang.codegen.exprs import IDENTITY, REQUEST, TOKEN, inner
from policylang.codegen.scope import Scope, reads_metadata, scope_steps
from policylang.codegen.source_map import compile_function
from policylang.codegen.writer import Cellwide, Constants, Layout, Writer
from policylang.plan.model import Plan
from policylang.plan.steps import Steps
from policylang.runtime.cell import Cell, TokenFacts
from policylang.runtime.keys import identity_part, value_part
from policylang.runtime.operators import within
from policylang.runtime.policies import Policies, policy_charges
from policylang.runtime.refusal import objection, withheld
from policylang.runtime.rendering import block, mint, text_of
from policylang.runtime.verdict import Charge, Verdict

FAR = 2**62
"""Microseconds; further from 1970 than any instant of a token."""

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
    functions: tuple[ast.FunctionDef, ...]
    places: Mapping[ast.stmt, int]
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
    filename = cell_name(plan, *key)
    scope, line = source.scope, 1
    made: dict[str, Any] = {}
    for function in source.functions:
        code, line = compile_function(function, filename, line)
        names = _names(code, filename, source.constants.globals | made)
        exec(code, names)  # noqa: S102 - the code of an ast that this package built; text enters as constants only
        # No function is in its own globals: a cell that is dropped is gone at once, without a collection.
        made[function.name] = names.pop(function.name)
        yield
    return Cell(
        route=scope.number,
        method=scope.method,
        issuer=scope.issuer,
        needs_metadata=reads_metadata(scope.decisive()),
        needs_request=source.needs_request,
        headers=_headers(scope),
        token_facts=made["token_facts"],
        identity_facts=made["identity_facts"],
        decide=made["decide"],
        reads_metadata=reads_metadata([*scope.decisive(), *(rule.condition for rule in scope.shadows)]),
    )


def _names(code: CodeType, filename: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The globals of one function: those that it uses, and no builtins."""
    functions = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    used = {name: given[name] for function in functions for name in function.co_names if name in given}
    return {"__builtins__": {}, "__name__": filename, **used}


def source_steps(
    plan: Plan, secrets: Mapping[str, str], policies: Policies, key: tuple[int, str, int | None]
) -> Steps[Source]:
    """The functions of a cell as syntax trees. The same for the same arguments, always."""
    scope = yield from scope_steps(plan, *key)
    analysis = Analysis(scope.optional)
    selected = selected_item(scope, analysis, policies)
    cell = Cellwide(analysis, _layout(scope), Constants(GIVEN), selected)
    verdicts = Verdicts(scope, analysis, selected, Said(scope, analysis, selected, secrets))
    functions: list[ast.FunctionDef] = []
    places: dict[ast.stmt, int] = {}

    def write(name: str, stage: int, parameters: tuple[str, ...], body: Callable[[Writer], None]) -> None:
        writer = Writer(stage, cell)
        body(writer)
        functions.append(_function(name, parameters, writer.body))
        places.update(writer.places)

    asked = ("token", "identity", "request")
    if verdicts.writes_refuse():
        write("refuse", REQUEST, asked, verdicts.write_refuse)
        yield
    write("decide", REQUEST, asked, lambda w: verdicts.write(w, lambda value: [ast.Return(value)]))
    yield
    write("identity_facts", IDENTITY, ("token", "claims", "fields"), _write_identity)
    yield
    write("token_facts", TOKEN, ("claims", "identity", "now"), _write_token)
    return Source(scope, verdicts.stage == REQUEST, tuple(functions), places, cell.constants)


def _write_identity(writer: Writer) -> None:
    kept = [writer.use(item) for item in writer.cell.slots[IDENTITY].items]
    writer.add(ast.Return(py.pack(*kept)))


def _write_token(writer: Writer) -> None:
    writer.add(py.assign("valid_from", py.const(-FAR)))
    writer.add(py.assign("valid_until", py.const(FAR)))
    kept = [writer.use(item) for item in writer.cell.slots[TOKEN].items]
    facts = py.call("TokenFacts", py.name("valid_from"), py.name("valid_until"), py.pack(*kept))
    writer.add(ast.Return(facts))


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


def _headers(scope: Scope) -> tuple[str, ...]:
    waiting = [*scope.decisive(), *(rule.condition for rule in scope.shadows)]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node[0] in ("header", "shadowed"):
            found.add(node[1])
        waiting.extend(inner(node))
    return tuple(sorted(found))
