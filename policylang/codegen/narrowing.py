"""Which references an expression proves present.

A guard of a claim or a header is never a fault. So in three values too, where the operands of an ``and`` so far are not
false, every guard among them holds, and what comes after it may rely on that; ``or`` likewise.
"""

from policylang.plan.model import Expr

Known = frozenset[Expr]
NOTHING: Known = frozenset()


def narrowed(expr: Expr, outcome: bool) -> Known:
    """The references that have a value where the expression is ``outcome``.

    >>> narrowed(("not", ("present", ("claim", "risk"))), False)
    frozenset({('claim', 'risk')})
    """
    match expr[0]:
        case "present" if outcome:
            return frozenset((expr[1],))
        case "not":
            return narrowed(expr[1], not outcome)
        case "and" | "or":
            each = [narrowed(operand, outcome) for operand in expr[1:]]
            return NOTHING.union(*each) if (expr[0] == "and") == outcome else each[0].intersection(*each[1:])
        case _:
            return NOTHING
