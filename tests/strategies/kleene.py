"""Strong Kleene logic over plan expressions, as its three tables: what passes are judged by."""

from collections.abc import Iterator, Mapping
from itertools import product

from policylang.plan.model import Expr

Truth = bool | None
"""None is the fault."""

Facts = Mapping[Expr, Truth]


def value(expr: Expr, facts: Facts) -> Truth:
    """The value of ``not``, ``and``, ``or``, literals and what ``facts`` tell."""
    match expr[0]:
        case "lit":
            return bool(expr[2])
        case "not":
            inner = value(expr[1], facts)
            return None if inner is None else not inner
        case "and" | "or":
            decisive = expr[0] == "or"
            found = [value(operand, facts) for operand in expr[1:]]
            return decisive if decisive in found else None if None in found else not decisive
        case "cmp":
            return bool(expr[2] == expr[3]) is (expr[1] == "eq")
        case _:
            return facts[expr]


def every_fact() -> Iterator[Facts]:
    """All that two flags of a token and two of metadata can be; metadata is all there or all a fault."""
    for flag, flag2 in product((True, False), repeat=2):
        for stored in (*product((True, False), repeat=2), (None, None)):
            yield {
                ("claim", "flag"): flag,
                ("claim", "flag2"): flag2,
                ("meta", "flag"): stored[0],
                ("meta", "flag2"): stored[1],
            }
