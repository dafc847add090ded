"""The operator table of plan expressions as data, and walks over expressions that need nothing else.

Law of this file: whoever takes an expression apart asks this table which operands are expressions.
"""

from typing import Literal

from policylang.plan.model import Expr

Operand = Literal[
    "expr",        # any expression
    "exprs",       # two or more expressions, to the end
    "reference",   # an expression that is one of REFERENCES
    "name",        # a name of letters, digits, dashes and underscores
    "header",      # a header name in lower case
    "pattern",     # any text
    "micros",      # microseconds, 0 or more
    "comparison",  # one of COMPARISONS
    "quantifier",  # one of QUANTIFIERS
    "address",     # one of ADDRESSES
    "issuer",      # an issuer's name, or null for anonymous
    "literal",     # one of LITERALS
    "value",       # the value of a literal of the kind before it
]  # fmt: skip

OPERATORS: dict[str, tuple[Operand, ...]] = {
    "lit": ("literal", "value"),
    "claim": ("name",),
    "meta": ("name",),
    "path": ("name",),
    "header": ("header",),
    "ip": ("address",),
    "grants": (),
    "not": ("expr",),
    "and": ("exprs",),
    "or": ("exprs",),
    "cmp": ("comparison", "expr", "expr"),
    "in": ("expr", "expr"),
    "innet": ("expr", "expr"),
    "meets": ("quantifier", "expr", "expr"),
    "present": ("reference",),
    "older": ("reference", "micros"),
    "starts": ("expr", "pattern"),
    "ends": ("expr", "pattern"),
    "glob": ("expr", "pattern"),
    "issuer": ("issuer",),
    "else": ("reference", "expr"),
    "add": ("expr", "expr"),
    "sub": ("expr", "expr"),
}

LITERALS = ("text", "int", "bool", "set", "nets")
REFERENCES = ("claim", "meta", "path", "header", "ip", "grants")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
QUANTIFIERS = ("any", "all")
ADDRESSES = ("client", "peer")

MAX_DEPTH = 264
"""Levels of an expression: twice the 128 that the checker allows for what stands after ``when`` or ``unless``, and room
for the negations in ``unless``, ``not in`` and ``absent``."""

INT_MIN, INT_MAX = -(2**63), 2**63 - 1

_INNER = ("expr", "exprs", "reference")


def _extent(kinds: tuple[Operand, ...]) -> tuple[int, int | None]:
    """Where the expressions among an operator's operands begin, and end (None: at the end)."""
    inner = [i for i, kind in enumerate(kinds, start=1) if kind in _INNER]
    if not inner:
        return 0, 0
    return inner[0], None if "exprs" in kinds else inner[-1] + 1


_EXTENTS = {op: _extent(kinds) for op, kinds in OPERATORS.items()}


def extent(op: str) -> tuple[int, int | None]:
    """Where the expressions among an operator's operands begin, and end (None: at the end), as indices into its tuple."""
    return _EXTENTS[op]


def operands(expr: Expr) -> tuple[Expr, ...]:
    """The operands that are expressions themselves, in order.

    >>> operands(("older", ("claim", "auth_time"), 900_000_000))
    (('claim', 'auth_time'),)
    """
    first, end = _EXTENTS[expr[0]]
    return expr[first:end]


def preorder(expr: Expr) -> list[Expr]:
    """Every expression node, parents before their operands: the order of a condition's places."""
    found, waiting = [], [expr]
    while waiting:
        node = waiting.pop()
        found.append(node)
        first, end = _EXTENTS[node[0]]
        if first:
            waiting += node[first:end][::-1]
    return found


def depth(expr: Expr) -> int:
    """How many levels of expressions there are, 1 for a literal."""
    levels, level = 0, [expr]
    while level:
        levels += 1
        level = [inner for node in level for inner in operands(node)]
    return levels
