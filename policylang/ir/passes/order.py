"""The operands of ``and`` and ``or`` in one order: by their canonical JSON, equal ones by their place.

Strong Kleene ``and`` and ``or`` have no order, so rules that differ in it alone mean the same, and say so in the digest.
"""

import json

from policylang.ir.nodes import Node
from policylang.ir.passes.rewrite import rewrite_logic
from policylang.plan.model import Expr
from policylang.source.spans import Span

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def order(node: Node) -> Node:
    """The tree with the operands of every ``and`` and ``or`` in order."""
    return rewrite_logic(node, _order)


def key(expr: Expr) -> str:
    """What operands are sorted by: the canonical JSON of the expression."""
    return _dumps(expr)


def _order(node: Node) -> Node:
    if node.op not in ("and", "or"):
        return node
    operands = tuple(sorted(node.operands, key=_with_place))
    return node if operands == node.operands else node.over(operands)


def _with_place(node: Node) -> tuple[str, Span]:
    return key(node.expr), node.span
