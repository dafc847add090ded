"""The passes in their order, and the running of them."""

from dataclasses import replace

from policylang.ir.nodes import Node, Program
from policylang.ir.passes.dedupe import dedupe
from policylang.ir.passes.flatten import flatten
from policylang.ir.passes.fold import fold
from policylang.ir.passes.negation import negation
from policylang.ir.passes.order import order
from policylang.ir.passes.rewrite import Pass

PASSES: tuple[Pass, ...] = (
    fold,      # first: what is constant need not be looked at again, and a junction left with one operand is gone
    negation,  # before flatten: what stands between two junctions of a kind may be a double negation
    flatten,   # before order: a junction has all its operands only then
    order,     # before dedupe: two junctions are equal only when their operands stand in one order
    dedupe,    # last; where it leaves a junction with one operand there is new work, so the passes run again
)  # fmt: skip


def run(program: Program, passes: tuple[Pass, ...] = PASSES) -> Program:
    """The program with every condition taken through the passes."""
    return replace(
        program,
        rules=tuple(_settled(node, passes) for node in program.rules),
        arms=tuple(tuple(_settled(node, passes) for node in arms) for arms in program.arms),
    )


def settled(node: Node, passes: tuple[Pass, ...] = PASSES) -> Node:
    """One condition taken through the passes, and again for as long as the last of them changed it."""
    while True:
        before_last = node
        for each in passes:
            before_last, node = node, each(node)
        if node is before_last:
            return node


def _settled(node: Node | None, passes: tuple[Pass, ...]) -> Node | None:
    return None if node is None else settled(node, passes)
