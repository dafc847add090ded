"""The tree walk: every node of a plan's expression with its value, nothing hoisted, nothing left out.

Law of this file: a node is evaluated even where the nodes around it have already decided; a value that is absent where
one is needed makes a fault, and strong Kleene keeps such a fault from mattering where a guard has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from policylang.plan.model import Expr
from policylang.plan.operators import operands
from policylang.runtime.operators import literal, strict

SECOND = 1_000_000


class Lack(Enum):
    """What stands in place of a value."""

    ABSENT = "absent"
    FAULT = "fault"


ABSENT = Lack.ABSENT
FAULT = Lack.FAULT


@dataclass(frozen=True, slots=True)
class Facts:
    """What the expressions of one request may name; names without an entry are absent.

    ``issuer`` None: anonymous, and then there are no claims and no metadata. ``fields`` None: metadata is a fault.
    ``unreadable`` headers are a fault. ``grants`` None: the select has no answer. ``now`` in microseconds.
    """

    now: int
    issuer: str | None
    claims: Mapping[str, Any]
    fields: Mapping[str, Any] | None
    captures: Mapping[str, str | int]
    headers: Mapping[str, str]
    unreadable: frozenset[str]
    client_ip: str
    peer_ip: str
    grants: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Walked:
    """A node, its value (or ABSENT, or FAULT), and its operands, walked. ``index`` counts nodes in preorder."""

    expr: Expr
    value: Any
    operands: tuple["Walked", ...]
    index: int

    @property
    def truth(self) -> bool | None:
        """The value as a condition's: None is a fault."""
        return self.value if isinstance(self.value, bool) else None


def walk(expr: Expr, facts: Facts, index: int = 0) -> Walked:
    """Evaluate an expression and everything in it."""
    walked: list[Walked] = []
    following = index + 1
    for operand in operands(expr):
        inner = walk(operand, facts, following)
        walked.append(inner)
        following = inner.index + size(inner)
    return Walked(expr, _value(expr, tuple(inner.value for inner in walked), facts), tuple(walked), index)


def evaluate(expr: Expr, facts: Facts) -> Any:
    """The value of an expression, or ABSENT, or FAULT."""
    return _value(expr, tuple(evaluate(operand, facts) for operand in operands(expr)), facts)


def size(walked: Walked) -> int:
    """How many nodes there are."""
    return 1 + sum(size(operand) for operand in walked.operands)


def _value(expr: Expr, values: tuple[Any, ...], facts: Facts) -> Any:
    match expr[0]:
        case "lit":
            return literal(expr)
        case "claim" | "meta" | "path" | "header" | "ip" | "grants":
            return _reference(expr, facts)
        case "issuer":
            return expr[1] == facts.issuer
        case "and":
            return _kleene(values, decisive=False)
        case "or":
            return _kleene(values, decisive=True)
        case "not":
            return not values[0] if isinstance(values[0], bool) else FAULT
        case "present":
            return FAULT if values[0] is FAULT else values[0] is not ABSENT
        case "else":
            return values[1] if values[0] is ABSENT else values[0]
        case "older" if not isinstance(values[0], Lack):
            return facts.now - values[0] * SECOND > expr[2]
        case _:
            return FAULT if any(isinstance(value, Lack) for value in values) else strict(expr, values)


def _kleene(values: tuple[Any, ...], *, decisive: bool) -> Any:
    if any(value is decisive for value in values):
        return decisive
    return not decisive if all(isinstance(value, bool) for value in values) else FAULT


def _reference(ref: Expr, facts: Facts) -> Any:
    match ref[0]:
        case "claim":
            return _found(facts.claims, ref[1])
        case "meta" if facts.issuer is None:
            return ABSENT
        case "meta":
            return FAULT if facts.fields is None else _found(facts.fields, ref[1])
        case "path":
            return facts.captures[ref[1]]
        case "header":
            return FAULT if ref[1] in facts.unreadable else _found(facts.headers, ref[1])
        case "ip":
            return facts.client_ip if ref[1] == "client" else facts.peer_ip
        case _:
            return FAULT if facts.grants is None else facts.grants


def _found(names: Mapping[str, Any], name: str) -> Any:
    value = names.get(name)
    return ABSENT if value is None else value
