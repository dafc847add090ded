"""Reads expressions and conditions: nested JSON arrays in, nested tuples out, each operator and operand checked.

Law of this file: what comes out of it can be handed to ``operators.operands`` without another look.
"""

from typing import Any

from policylang.plan import operators
from policylang.plan.leaves import (
    Leaf,
    array,
    choice,
    indices,
    integer,
    lower_token,
    members,
    name,
    nullable,
    refuse,
    sorted_texts,
    text,
)  # fmt: skip
from policylang.plan.model import BINDINGS, Condition, Expr
from policylang.plan.operators import MAX_DEPTH, OPERATORS, REFERENCES
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import Pace, Steps

_binding = choice(BINDINGS)

_PLAIN: dict[str, Leaf] = {
    "name": name,
    "header": lower_token,
    "pattern": text,
    "micros": integer(0),
    "comparison": choice(operators.COMPARISONS),
    "quantifier": choice(operators.QUANTIFIERS),
    "address": choice(operators.ADDRESSES),
    "issuer": nullable(name),
}


def _boolean(raw: object) -> bool:
    if type(raw) is not bool:
        raise refuse("not true or false")
    return raw


_VALUES: dict[str, Leaf] = {
    "text": text,
    "int": integer(),
    "bool": _boolean,
    "set": sorted_texts,
    "nets": sorted_texts,
}
_SIMPLE = frozenset(op for op, kinds in OPERATORS.items() if not {"expr", "exprs", "reference"} & set(kinds))


def reference(raw: object) -> Expr:
    """An expression that is one of the references."""
    op = _operator(raw)[0]
    if op not in REFERENCES:
        raise refuse("not a reference")
    return _simple(raw)


def template_part(raw: object) -> Expr:
    """A piece of a template: a text, or a reference."""
    if _operator(raw)[0] != "lit":
        return reference(raw)
    part = _simple(raw)
    if part[1] != "text":
        raise refuse("not a text")
    return part


def expression(raw: object, pace: Pace, depth: int = 1) -> Steps[Expr]:
    """An expression of at most ``MAX_DEPTH`` levels; each of its nodes is counted by ``pace``."""
    op, kinds = _operator(raw)
    if pace.due():
        yield
    if op in _SIMPLE:
        return _simple(raw)
    if depth >= MAX_DEPTH:
        raise refuse(f"deeper than {MAX_DEPTH} levels")
    items = array(raw)
    out: list[Any] = [op]
    for i, kind in enumerate(kinds, start=1):
        try:
            if kind in ("expr", "exprs"):
                out.append((yield from expression(items[i], pace, depth + 1)))
            elif kind == "reference":
                pace.nodes += 1
                out.append(reference(items[i]))
            else:
                out.append(_PLAIN[kind](items[i]))
        except PlanRefused as refused:
            raise refused.within(i) from None
    return tuple(out)


def condition(raw: object, pace: Pace) -> Steps[Condition]:
    """A condition: an expression with as many places as it has nodes, and its binding."""
    found = members(raw)
    if found.keys() != {"at", "binding", "expr"}:
        raise refuse("the members of a condition are at, binding and expr")
    before = pace.nodes
    try:
        step = "expr"
        expr = yield from expression(found["expr"], pace)
        step = "at"
        at = indices(found["at"])
        if len(at) != pace.nodes - before:
            raise refuse(f"{len(at)} places for {pace.nodes - before} nodes")
        step = "binding"
        return Condition(expr, at, _binding(found["binding"]))
    except PlanRefused as refused:
        raise refused.within(step) from None


def _operator(raw: object) -> tuple[str, tuple[str, ...]]:
    """The operator and the kinds of its operands, as many as there are operands."""
    items = array(raw)
    op = items[0] if items else None
    if type(op) is not str or op not in OPERATORS:
        raise refuse("not an operator with its operands")
    kinds = OPERATORS[op]
    given = len(items) - 1
    if kinds == ("exprs",):
        if given < 2:
            raise refuse(f"{op} has two operands or more")
        return op, kinds * given
    if given != len(kinds):
        raise refuse(f"{op} has {len(kinds)} operands, not {given}")
    return op, kinds


def _simple(raw: object) -> Expr:
    """A literal, a reference or a test without inner expressions."""
    items = array(raw)
    op = items[0]
    if op == "lit":
        kind = items[1]
        if type(kind) is not str or kind not in _VALUES:
            raise refuse("not a kind of literal").within(1)
        try:
            return ("lit", kind, _VALUES[kind](items[2]))
        except PlanRefused as refused:
            raise refused.within(2) from None
    if len(items) == 1:
        return (op,)
    try:
        return (op, _PLAIN[OPERATORS[str(op)][0]](items[1]))
    except PlanRefused as refused:
        raise refused.within(1) from None
