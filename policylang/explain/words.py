"""Expressions of a plan as an author would write them. A plan has no source text; this is the nearest to it."""

import json
from collections.abc import Callable

from policylang.plan.model import Expr

ITEMS_SHOWN = 8
"""Items of a literal set that are written out."""

_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_TESTS = {"starts": "starts with", "ends": "ends with", "glob": "matches"}
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"))
_LOOSE, _JUNCTION, _NOT, _TEST, _SUM, _ATOM = range(6)


def written(expr: Expr) -> str:
    """An expression in the rules language.

    >>> written(("not", ("present", ("claim", "risk"))))
    'claims.risk absent'
    """
    return _written(expr, _LOOSE)


def _written(expr: Expr, outer: int) -> str:
    binds, text = _WRITERS[expr[0]](expr)
    return f"({text})" if binds < outer else text


def _literal(expr: Expr) -> tuple[int, str]:
    if expr[1] not in ("set", "nets") or len(expr[2]) <= ITEMS_SHOWN:
        return _ATOM, json.dumps(expr[2], ensure_ascii=True)
    shown = ", ".join(json.dumps(item, ensure_ascii=True) for item in expr[2][:ITEMS_SHOWN])
    return _ATOM, f"[{shown}, … {len(expr[2]) - ITEMS_SHOWN} more]"


def _junction(expr: Expr) -> tuple[int, str]:
    return _JUNCTION, f" {expr[0]} ".join(_written(operand, _NOT) for operand in expr[1:])


def _negation(expr: Expr) -> tuple[int, str]:
    operand = expr[1]
    match operand[0]:
        case "present":
            return _TEST, f"{written(operand[1])} absent"
        case "in" | "innet":
            return _infix("not in", operand[1], operand[2])
        case "issuer":
            return _TEST, f"issuer is not {operand[1] or 'anonymous'}"
        case _:
            return _NOT, f"not {_written(operand, _NOT)}"


def _infix(word: str, left: Expr, right: Expr, binds: int = _TEST) -> tuple[int, str]:
    return binds, f"{_written(left, binds + 1)} {word} {_written(right, binds + 1)}"


def _text_test(expr: Expr) -> tuple[int, str]:
    return _TEST, f"{_written(expr[1], _SUM)} {_TESTS[expr[0]]} {json.dumps(expr[2], ensure_ascii=True)}"


def _duration(micros: int) -> str:
    """Microseconds in the largest unit that leaves no remainder."""
    for size, unit in _UNITS:
        if micros and micros % size == 0:
            return f"{micros // size}{unit}"
    return f"{micros}us"


_WRITERS: dict[str, Callable[[Expr], tuple[int, str]]] = {
    "lit": _literal,
    "claim": lambda e: (_ATOM, f"claims.{e[1]}"),
    "meta": lambda e: (_ATOM, f"metadata.{e[1]}"),
    "path": lambda e: (_ATOM, f"path.{e[1]}"),
    "header": lambda e: (_ATOM, f'header["{e[1]}"]'),
    "ip": lambda e: (_ATOM, f"{e[1]}.ip"),
    "grants": lambda _: (_ATOM, "policy.grants"),
    "not": _negation,
    "and": _junction,
    "or": _junction,
    "cmp": lambda e: _infix(_COMPARE[e[1]], e[2], e[3]),
    "in": lambda e: _infix("in", e[1], e[2]),
    "innet": lambda e: _infix("in", e[1], e[2]),
    "meets": lambda e: (_TEST, f"{e[1]} of {_written(e[2], _SUM)} in {_written(e[3], _SUM)}"),
    "present": lambda e: (_TEST, f"{written(e[1])} present"),
    "older": lambda e: (_TEST, f"{written(e[1])} older than {_duration(e[2])}"),
    "starts": _text_test,
    "ends": _text_test,
    "glob": _text_test,
    "issuer": lambda e: (_TEST, f"issuer is {e[1] or 'anonymous'}"),
    "else": lambda e: (_LOOSE, f"{_written(e[1], _ATOM)} ?? {_written(e[2], _ATOM)}"),
    "add": lambda e: _infix("+", e[1], e[2], _SUM),
    "sub": lambda e: _infix("-", e[1], e[2], _SUM),
}
