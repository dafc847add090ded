"""Parts of a plan as an author would write them. A plan has no source text; this is the nearest to it.

Law of this file: what is printed is ASCII on one line, whatever a literal holds: values of requests are printed by it too.
"""

from collections.abc import Callable

from policylang.plan.model import Amount, Expr, Quota, Rate

ALL = 1 << 30
"""Every item of a literal set is written out."""

DEFAULT_TEXT = (1, 4096)
"""Bounds of a ``text`` that states none."""

_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_TESTS = {"starts": "starts with", "ends": "ends with", "glob": "matches"}
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "{": "\\{", "}": "\\}"}
_LOOSE, _JUNCTION, _NOT, _TEST, _SUM, _ATOM = range(6)


def expression(expr: Expr, items: int = ALL) -> str:
    """An expression in the rules language; of literal sets at most ``items`` are written out.

    >>> expression(("not", ("present", ("claim", "risk"))))
    'claims.risk absent'
    """
    return _written(expr, _LOOSE, items)


def duration(micros: int) -> str:
    """Microseconds in the largest unit that has no remainder.

    >>> duration(90_000_000)
    '90s'
    """
    for size, unit in _UNITS:
        if micros and micros % size == 0:
            return f"{micros // size}{unit}"
    return f"{micros}us"


def amount(limited: Amount) -> str:
    """What a limit allows, as ``rate 5 per 1s burst 10`` or ``quota 1_000 per day``; UTC is the zone without one.

    >>> amount(Rate(5, 1_000_000, 10))
    'rate 5 per 1s burst 10'
    """
    if isinstance(limited, Rate):
        return f"rate {limited.count:_} per {duration(limited.per_micros)} burst {limited.burst:_}"
    if not isinstance(limited, Quota):
        return f"concurrent {limited.count:_} held at most {duration(limited.hold_micros)}"
    if limited.count is None:
        return "quota unlimited"
    lease = f" lease {limited.lease:_}" if limited.lease else ""
    if limited.window == "anchored":
        return f"quota {limited.count:_} per {duration(limited.micros)} from first use{lease}"
    zone = f" in {quoted(limited.zone)}" if limited.zone not in {"", "UTC"} else ""
    return f"quota {limited.count:_} per {limited.window}{zone}{lease}"


def type_term(term: Expr) -> str:
    """The type of a claim or a metadata field.

    >>> type_term(("set", ("text", 1, 128)))
    'set of text(1..128)'
    """
    match term[0]:
        case "set":
            return f"set of {type_term(term[1])}"
        case "enum":
            return "one of " + ", ".join(map(quoted, term[1:]))
        case "text" if term[1:] != DEFAULT_TEXT:
            return f"text({term[1]}..{term[2]})"
        case "int":
            return f"int {term[1]}..{term[2]}"
        case _:
            return str(term[0])


def quoted(text: str) -> str:
    """A text in the quotes of the rules language."""
    return '"' + "".join(_ESCAPES.get(c) or (c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}") for c in text) + '"'


def _written(expr: Expr, outer: int, items: int) -> str:
    binds, words = _WRITERS[expr[0]](expr, items)
    return f"({words})" if binds < outer else words


def _literal(expr: Expr, items: int) -> tuple[int, str]:
    value = expr[2]
    if isinstance(value, bool):
        return _ATOM, "true" if value else "false"
    if isinstance(value, str):
        return _ATOM, quoted(value)
    if not isinstance(value, tuple):
        return _ATOM, str(value)
    more = [f"… {len(value) - items} more"] if len(value) > items else []
    return _ATOM, f"[{', '.join([*map(quoted, value[:items]), *more])}]"


def _junction(expr: Expr, items: int) -> tuple[int, str]:
    return _JUNCTION, f" {expr[0]} ".join(_written(operand, _NOT, items) for operand in expr[1:])


def _negation(expr: Expr, items: int) -> tuple[int, str]:
    operand = expr[1]
    match operand[0]:
        case "present":
            return _TEST, f"{_written(operand[1], _LOOSE, items)} absent"
        case "in" | "innet":
            return _infix("not in", operand[1], operand[2], items)
        case "issuer":
            return _TEST, f"issuer is not {operand[1] or 'anonymous'}"
        case _:
            return _NOT, f"not {_written(operand, _NOT, items)}"


def _infix(word: str, left: Expr, right: Expr, items: int, binds: int = _TEST) -> tuple[int, str]:
    return binds, f"{_written(left, binds + 1, items)} {word} {_written(right, binds + 1, items)}"


def _text_test(expr: Expr, items: int) -> tuple[int, str]:
    return _TEST, f"{_written(expr[1], _SUM, items)} {_TESTS[expr[0]]} {quoted(expr[2])}"


_Writer = Callable[[Expr, int], tuple[int, str]]
_WRITERS: dict[str, _Writer] = {
    "lit": _literal,
    "claim": lambda e, _: (_ATOM, f"claims.{e[1]}"),
    "meta": lambda e, _: (_ATOM, f"metadata.{e[1]}"),
    "path": lambda e, _: (_ATOM, f"path.{e[1]}"),
    "header": lambda e, _: (_ATOM, f'header["{e[1]}"]'),
    "ip": lambda e, _: (_ATOM, f"{e[1]}.ip"),
    "grants": lambda _, __: (_ATOM, "policy.grants"),
    "not": _negation,
    "and": _junction,
    "or": _junction,
    "cmp": lambda e, n: _infix(_COMPARE[e[1]], e[2], e[3], n),
    "in": lambda e, n: _infix("in", e[1], e[2], n),
    "innet": lambda e, n: _infix("in", e[1], e[2], n),
    "meets": lambda e, n: (_TEST, f"{e[1]} of {_written(e[2], _SUM, n)} in {_written(e[3], _SUM, n)}"),
    "present": lambda e, n: (_TEST, f"{_written(e[1], _LOOSE, n)} present"),
    "older": lambda e, n: (_TEST, f"{_written(e[1], _LOOSE, n)} older than {duration(e[2])}"),
    "starts": _text_test,
    "ends": _text_test,
    "glob": _text_test,
    "issuer": lambda e, _: (_TEST, f"issuer is {e[1] or 'anonymous'}"),
    "else": lambda e, n: (_LOOSE, f"{_written(e[1], _ATOM, n)} ?? {_written(e[2], _ATOM, n)}"),
    "add": lambda e, n: _infix("+", e[1], e[2], n, _SUM),
    "sub": lambda e, n: _infix("-", e[1], e[2], n, _SUM),
}
