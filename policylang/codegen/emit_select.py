"""The select of a cell as an item: the policies that apply, REFUSED, or None for a fault."""

import ast

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.emit_expr import expression, parts
from policylang.codegen.exprs import TOKEN
from policylang.codegen.narrowing import NOTHING
from policylang.codegen.scope import Scope, ScopedArm, ScopedSelect
from policylang.codegen.writer import Item, Writer
from policylang.runtime.policies import REFUSED, UNCOVERED, Policies


def selected_item(scope: Scope, analysis: Analysis, policies: Policies) -> Item:
    """The item; notes the select's own stage and whether it may fault for whoever reads what it grants."""
    select = scope.select
    if select is None:
        return Item("selected", TOKEN, lambda writer: _bound(writer, UNCOVERED))
    exprs = [expr for arm in select.arms for expr in (arm.named, arm.when)]
    analysis.select_stage = analysis.stage_of(exprs)
    analysis.select_faults = any(
        analysis.faults(arm.when) or (arm.policy == -1 and analysis.faults(arm.named)) for arm in select.arms
    )
    choose = _every if select.every else _first
    return Item("selected", analysis.select_stage, lambda writer: choose(writer, select, policies), select.at)


def may_refuse(scope: Scope) -> bool:
    """Whether the select can refuse; an arm that names a policy by a value refuses where there is none."""
    select = scope.select
    return select is not None and (select.otherwise == -1 or any(arm.policy == -1 for arm in select.arms))


def _bound(writer: Writer, value: object) -> ast.expr:
    return writer.cell.bind_once(("selected", id(value)), lambda: value)


def _otherwise(writer: Writer, select: ScopedSelect, policies: Policies) -> ast.expr:
    return _bound(writer, REFUSED if select.otherwise == -1 else policies[1 << select.otherwise])


def _first(writer: Writer, select: ScopedSelect, policies: Policies) -> ast.expr:
    """``select policy``: the first arm that holds; an arm that is reached and has no answer is a fault."""
    chosen = writer.fresh("s")
    with writer.nested() as loop:
        for arm in select.arms:
            with writer.placed(arm.at):
                _arm(writer, arm, chosen, policies)
        writer.add(py.assign(chosen, _otherwise(writer, select, policies)))
        writer.add(ast.Break())
    # One pass, left early: flat, however many arms there are.
    writer.add(ast.While(py.const(True), loop, []))
    return py.name(chosen)


def _arm(writer: Writer, arm: ScopedArm, chosen: str, policies: Policies) -> None:
    holds = expression(writer, arm.when)
    if writer.analysis.faults(arm.when):
        holds = py.name(writer.assign(holds, "b"))
        writer.add(py.when(py.is_none(py.again(holds)), [py.assign(chosen, py.none()), ast.Break()]))
    with writer.nested() as body:
        if arm.policy != -1:
            writer.add(py.assign(chosen, _bound(writer, policies[1 << arm.policy])))
        else:
            guards, names = parts(writer, arm.named, NOTHING)
            mask = writer.assign(_masked(writer, guards, names, policies), "n")
            writer.add(py.assign(chosen, _of_mask(writer, mask, policies)))
        writer.add(ast.Break())
    writer.add(py.when(holds, body))


def _masked(writer: Writer, guards: list[ast.expr], names: ast.expr, policies: Policies) -> ast.expr:
    """The mask of named policies: 0 where none is named, -1 for an unknown name, None for a fault."""
    table = writer.cell.bind_once("policies", lambda: policies)
    mask = py.call(py.attribute(table, "named"), names)
    return py.choose(py.all_of(guards), mask, py.none()) if guards else mask


def _of_mask(writer: Writer, mask: str, policies: Policies) -> ast.expr:
    table = writer.cell.bind_once("policies", lambda: policies)
    known = py.choose(
        py.compare(py.name(mask), ast.Gt(), py.const(0)), py.item(table, py.name(mask)), _bound(writer, REFUSED)
    )
    return py.choose(py.is_none(py.name(mask)), py.none(), known)


def _every(writer: Writer, select: ScopedSelect, policies: Policies) -> ast.expr:
    """``select policies``: all arms that hold, merged; any arm without an answer is a fault."""
    mask, chosen = writer.assign(py.const(0), "n"), writer.fresh("s")
    with writer.nested() as loop:
        for arm in select.arms:
            with writer.placed(arm.at):
                _added(writer, arm, mask, chosen, policies)
        table = writer.cell.bind_once("policies", lambda: policies)
        otherwise = py.choose(
            py.compare(py.name(mask), ast.Lt(), py.const(0)),
            _bound(writer, REFUSED),
            _otherwise(writer, select, policies),
        )
        merged = py.item(table, py.name(mask))
        some = py.compare(py.name(mask), ast.Gt(), py.const(0))
        writer.add(py.assign(chosen, py.choose(some, merged, otherwise)))
        writer.add(ast.Break())
    writer.add(ast.While(py.const(True), loop, []))
    return py.name(chosen)


def _added(writer: Writer, arm: ScopedArm, mask: str, chosen: str, policies: Policies) -> None:
    holds = expression(writer, arm.when)
    faulted: list[ast.stmt] = [py.assign(chosen, py.none()), ast.Break()]
    if writer.analysis.faults(arm.when):
        holds = py.name(writer.assign(holds, "b"))
        writer.add(py.when(py.is_none(py.again(holds)), faulted))
    with writer.nested() as body:
        if arm.policy != -1:
            more: ast.expr = py.const(1 << arm.policy)
        else:
            guards, names = parts(writer, arm.named, NOTHING)
            named = writer.assign(_masked(writer, guards, names, policies), "n")
            if guards:
                writer.add(py.when(py.is_none(py.name(named)), [py.assign(chosen, py.none()), ast.Break()]))
            more = py.name(named)
        # All bits are set by an unknown name, and stay set: the mask is below zero.
        writer.add(py.assign(mask, py.binary(py.name(mask), ast.BitOr(), more)))
    writer.add(py.when(holds, body))
