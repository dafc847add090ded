"""A walked condition in the order of its author: a plan has its operands in the order that is cheapest to evaluate."""

from collections.abc import Sequence
from dataclasses import replace

from policylang.explain.evaluate import Walked
from policylang.plan.model import Position


def in_source_order(walked: Walked, at: Sequence[int], positions: Sequence[Position]) -> Walked:
    """The same nodes with the same values; operands of ``and`` and ``or`` stand as they are written.

    ``at`` has each node's index into ``positions``, by the node's own index, which it keeps. A node without a place stays
    where it is, and so do those beside it.
    """
    operands = tuple(in_source_order(operand, at, positions) for operand in walked.operands)
    if walked.expr[0] not in ("and", "or"):
        return _with(walked, operands)
    places = [at[operand.index] for operand in operands]
    if all(0 <= place < len(positions) for place in places):
        operands = tuple(sorted(operands, key=lambda operand: _key(positions[at[operand.index]])))
    return _with(walked, operands)


def _with(walked: Walked, operands: tuple[Walked, ...]) -> Walked:
    if operands == walked.operands:
        return walked
    # Operands that are expressions stand together, and this node has as many as before.
    before = [operand.expr for operand in walked.operands]
    first = walked.expr.index(before[0])
    expr = (*walked.expr[:first], *(one.expr for one in operands), *walked.expr[first + len(before) :])
    return replace(walked, expr=expr, operands=operands)


def _key(position: Position) -> tuple[int, int, int]:
    return position.file, position.line, position.column
