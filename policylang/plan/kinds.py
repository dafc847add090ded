"""Which values go together: the sorts of values that an expression may have, and what each operator takes and gives.

Law of this file: it is about values as they are at run time, so that no operator meets one it cannot work on; whether a
comparison makes sense is the checker's to say. Issuers may declare one claim with different types, so sorts are sets, as
bits of an integer, and an operator is refused only where no choice among them fits.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from policylang.plan.model import Expr, Plan

BOOL: Final = 1
INT: Final = 2
TEXT: Final = 4
NET: Final = 8  # an address or a network: text, that can be told to lie within networks
SET: Final = 16
NETS: Final = 32
TEXTS: Final = TEXT | NET
SETS: Final = SET | NETS
SCALARS: Final = BOOL | INT | TEXTS

_OF_TYPE = {"bool": BOOL, "int": INT, "time": INT, "cidr": NET, "text": TEXT, "slug": TEXT, "email": TEXT, "enum": TEXT}
_OF_LITERAL = {"text": TEXTS, "int": INT, "bool": BOOL, "set": SET, "nets": NETS}


def sort_of(term: Expr) -> int:
    """The sort of a type's values."""
    if term[0] != "set":
        return _OF_TYPE[term[0]]
    return NETS if term[1] == ("cidr",) else SET


class Kinds:
    """The sorts of a plan's references, by what its issuers, metadata and routes declare."""

    def __init__(self, plan: Plan) -> None:
        claims = [claim for issuer in plan.issuers for claim in issuer.claims]
        self._claims = _united((claim.name, sort_of(claim.type)) for claim in claims)
        self._fields = (
            _united((claim.name, sort_of(claim.type)) for claim in plan.metadata.fields) if plan.metadata else {}
        )
        self._captures = _united(
            (segment.text, sort_of(segment.type))
            for route in plan.routes
            for group in (*(pattern.segments for pattern in route.patterns), *route.hosts)
            for segment in group
            if segment.type is not None
        )

    def of(self, node: Expr, operands: list[int]) -> int:
        """The sorts of a node's value, given those of its operands; 0: they do not go together, or a name is unknown."""
        match node[0]:
            case "lit":
                return _OF_LITERAL[node[1]]
            case "claim":
                return self._claims.get(node[1], 0)
            case "meta":
                return self._fields.get(node[1], 0)
            case "path":
                return self._captures.get(node[1], 0)
            case op:
                return _GIVEN[op](node, operands)


def _united(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Each name with all the sorts that it was found with."""
    united: dict[str, int] = {}
    for name, sort in found:
        united[name] = united.get(name, 0) | sort
    return united


def _same(one: int, other: int) -> int:
    """What two values can both be; texts and networks are spelled alike."""
    wide = (TEXTS if one & TEXTS else 0) | (SETS if one & SETS else 0) | one
    return wide & ((TEXTS if other & TEXTS else 0) | (SETS if other & SETS else 0) | other)


def _compared(node: Expr, operands: list[int]) -> int:
    common = _same(operands[0], operands[1])
    return _true(common if node[1] in ("eq", "ne") else common & (INT | TEXTS))


def _true(holds: int) -> int:
    return BOOL if holds else 0


def _each(wanted: int, given: int) -> Callable[[Expr, list[int]], int]:
    return lambda _, operands: given if all(operand & wanted for operand in operands) else 0


_GIVEN: Mapping[str, Callable[[Expr, list[int]], int]] = {
    "header": lambda _node, _operands: TEXT,
    "ip": lambda _node, _operands: NET,
    "grants": lambda _node, _operands: SET,
    "issuer": lambda _node, _operands: BOOL,
    "not": _each(BOOL, BOOL),
    "and": _each(BOOL, BOOL),
    "or": _each(BOOL, BOOL),
    "cmp": _compared,
    "in": lambda _, operands: _true(operands[0] & TEXTS and operands[1] & SETS),
    "innet": lambda _, operands: _true(operands[0] & NET and operands[1] & NETS),
    "meets": _each(SETS, BOOL),
    "present": lambda _node, _operands: BOOL,
    "older": _each(INT, BOOL),
    "starts": _each(TEXTS, BOOL),
    "ends": _each(TEXTS, BOOL),
    "glob": _each(TEXTS, BOOL),
    "else": lambda _, operands: _same(operands[0], operands[1]),
    "add": _each(INT, INT),
    "sub": _each(INT, INT),
}
