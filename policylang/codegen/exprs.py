"""Expressions of one cell: those of a plan without ``issuer``, and with five that only a cell has.

=============  ==============  =======================================================
op             operands        value
=============  ==============  =======================================================
absent                         a reference that this cell never has a value for
fault                          an expression that has no answer in this cell
before         seconds         now is before this instant
shadowed       header name     a request header that only shadow rules read
up                             the metadata is to be had
=============  ==============  =======================================================
"""

from policylang.plan.model import Expr
from policylang.plan.operators import operands

ABSENT: Expr = ("absent",)
FAULT: Expr = ("fault",)
UP: Expr = ("up",)
TRUE: Expr = ("lit", "bool", True)
FALSE: Expr = ("lit", "bool", False)

CONST, TOKEN, IDENTITY, REQUEST = range(4)
"""Stages, as ranks: an expression is evaluated at the latest of its inputs."""

_LEAVES = frozenset(("absent", "fault", "before", "shadowed", "up"))


def inner(expr: Expr) -> tuple[Expr, ...]:
    """The operands that are expressions themselves."""
    return () if expr[0] in _LEAVES else operands(expr)


def boolean(value: bool) -> Expr:
    """The literal."""
    return TRUE if value else FALSE
