"""``and`` and ``or`` of operands that have two values or three, as one Python expression.

Strong Kleene: false decides an ``and`` and true an ``or`` even beside a fault; a fault decides what is left.
"""

import ast
from collections.abc import Callable, Sequence

from policylang.codegen import pyast as py

Operand = tuple[ast.expr, bool]
"""An expression, and whether it may be None."""


def join(op: str, operands: Sequence[Operand], fresh: Callable[[], str]) -> ast.expr:
    """The operands in their order; one is evaluated where those before it are not decisive. ``fresh`` names locals."""
    return _fold(op, _runs(op, operands), fresh)[0]


def _runs(op: str, operands: Sequence[Operand]) -> list[Operand]:
    """Neighbours that have two values become one operand."""
    runs: list[tuple[list[ast.expr], bool]] = []
    for value, faults in operands:
        if runs and not faults and not runs[-1][1]:
            runs[-1][0].append(value)
        else:
            runs.append(([value], faults))
    operator: ast.boolop = ast.And() if op == "and" else ast.Or()
    return [(values[0] if len(values) == 1 else ast.BoolOp(operator, values), faults) for values, faults in runs]


def _fold(op: str, operands: list[Operand], fresh: Callable[[], str]) -> Operand:
    """Halves of halves: the depth of the expression grows with the logarithm of their number."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    left, right = _fold(op, operands[:middle], fresh), _fold(op, operands[middle:], fresh)
    return (_and if op == "and" else _or)(left, right, fresh), left[1] or right[1]


def _and(left: Operand, right: Operand, fresh: Callable[[], str]) -> ast.expr:
    if not left[1]:
        return py.choose(left[0], right[0], py.const(False))
    here, read = _once(left[0], fresh)
    then, read_then = _once(right[0], fresh) if right[1] else (right[0], py.const(False))
    # Not false so far, so true or a fault: what is left is the right side where that is not true.
    rest = py.choose(then, py.again(read), read_then)
    return py.choose(py.compare(here, ast.Is(), py.const(False)), py.const(False), rest)


def _or(left: Operand, right: Operand, fresh: Callable[[], str]) -> ast.expr:
    if not left[1]:
        return py.choose(left[0], py.const(True), right[0])
    here, read = _once(left[0], fresh)
    if right[1]:
        then, read_then = _once(right[0], fresh)
        rest = py.choose(py.compare(then, ast.Is(), py.const(False)), py.again(read), read_then)
    else:
        rest = py.choose(right[0], py.const(True), py.again(read))
    return py.choose(here, py.const(True), rest)


def _once(value: ast.expr, fresh: Callable[[], str]) -> tuple[ast.expr, ast.expr]:
    """An expression, and how to read its value again without evaluating it twice."""
    if py.is_simple(value):
        return value, py.again(value)
    kept = fresh()
    return py.named(kept, value), py.name(kept)
