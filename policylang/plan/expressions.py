"""Reads expressions and conditions: nested JSON arrays in, nested tuples out, each operator and operand checked.

Law of this file: what comes out of it can be handed to ``operators.operands`` without another look.
"""

from typing import Any

from policylang.plan import operators
from policylang.plan.leaves import (
    Leaf,
    array,
    boolean,
    choice,
    identifier,
    indices,
    integer,
    lower_token,
    members,
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
    "name": identifier,
    "header": lower_token,
    "pattern": text,
    "micros": integer(0),
    "comparison": choice(operators.COMPARISONS),
    "quantifier": choice(operators.QUANTIFIERS),
    "address": choice(operators.ADDRESSES),
    "issuer": nullable(identifier),
}

_VALUES: dict[str, Leaf] = {
    "text": text,
    "int": integer(),
    "bool": boolean,
    "set": sorted_texts,
    "nets": sorted_texts,
}
_REFERENCES = frozenset(REFERENCES)
_SIMPLE = {
    op: _PLAIN.get(kinds[0] if kinds else "")
    for op, kinds in OPERATORS.items()
    if not {"expr", "exprs", "reference"} & set(kinds)
}
"""Operators without inner expressions, each with the reader of its one operand; ``lit`` and ``grants`` have none."""


def reference(raw: object) -> Expr:
    """An expression that is one of the references."""
    if _operator(raw) not in _REFERENCES:
        raise refuse("not a reference")
    return _simple(array(raw))


def template_part(raw: object) -> Expr:
    """A piece of a template: a text, or a reference."""
    if _operator(raw) != "lit":
        return reference(raw)
    part = _simple(array(raw))
    if part[1] != "text":
        raise refuse("not a text")
    return part


def expression(raw: object, pace: Pace, depth: int = 1) -> Steps[Expr]:
    """An expression of at most ``MAX_DEPTH`` levels; each of its nodes is counted by ``pace``."""
    op, items = _operator(raw), array(raw)
    pace.nodes += 1
    if op in _SIMPLE:
        return _simple(items)
    if depth >= MAX_DEPTH:
        raise refuse(f"deeper than {MAX_DEPTH} levels")
    kinds: tuple[str, ...] = OPERATORS[op]
    if kinds == ("exprs",):
        kinds *= len(items) - 1
    out: list[Any] = [op]
    for i, kind in enumerate(kinds, start=1):
        item = items[i]
        try:
            if kind in ("expr", "exprs"):
                # most operands are simple, and a generator for each of them would take longer than reading them
                if _operator(item) in _SIMPLE:
                    pace.nodes += 1
                    out.append(_simple(item))  # type: ignore[arg-type]  # an operator stands in an array
                else:
                    out.append((yield from expression(item, pace, depth + 1)))
            elif kind == "reference":
                pace.nodes += 1
                out.append(reference(item))
            else:
                out.append(_PLAIN[kind](item))
        except PlanRefused as refused:
            raise refused.within(i) from None
        if pace.nodes >= pace.turn and pace.full():
            yield
    return tuple(out)


def condition(raw: object, pace: Pace) -> Steps[Condition]:
    """A condition: an expression with as many places as it has nodes, and its binding."""
    found = members(raw)
    if found.keys() != {"at", "binding", "expr"}:
        raise refuse("the members of a condition are at, binding and expr")
    before = pace.nodes
    step = "expr"
    try:
        expr = yield from expression(found["expr"], pace)
        step = "at"
        at = indices(found["at"])
        if len(at) != pace.nodes - before:
            raise refuse(f"{len(at)} places for {pace.nodes - before} nodes")
        step = "binding"
        return Condition(expr, at, _binding(found["binding"]))
    except PlanRefused as refused:
        raise refused.within(step) from None


def _operator(raw: object) -> str:
    """The operator of an array that has as many operands as it takes."""
    if type(raw) is not list or not raw:
        raise refuse("not an operator with its operands")
    op = raw[0]
    if type(op) is not str or op not in OPERATORS:
        raise refuse("not an operator with its operands")
    given, kinds = len(raw) - 1, OPERATORS[op]
    if given != len(kinds) or kinds == ("exprs",):
        if kinds != ("exprs",):
            raise refuse(f"{op} has {len(kinds)} operands, not {given}")
        if given < 2:
            raise refuse(f"{op} has two operands or more")
    return op


def _simple(items: list[object]) -> Expr:
    """A literal, a reference or a test without inner expressions."""
    op = items[0]
    read = _SIMPLE[op]  # type: ignore[index]  # each caller has looked at the operator
    try:
        if read is not None:
            return (op, read(items[1]))
    except PlanRefused as refused:
        raise refused.within(1) from None
    if op != "lit":
        return (op,)
    kind = items[1]
    if type(kind) is not str or kind not in _VALUES:
        raise refuse("not a kind of literal").within(1)
    try:
        return (op, kind, _VALUES[kind](items[2]))
    except PlanRefused as refused:
        raise refused.within(2) from None
