"""Partial evaluation: what an expression comes to in one cell, where the issuer, and so every declaration, is known.

Law of this file: an expression and what it comes to have the same value, fault included, for every request of the cell.
"""

from policylang.codegen.exprs import ABSENT, FALSE, FAULT, TRUE, boolean
from policylang.codegen.narrowing import narrowed
from policylang.plan.model import Claim, Expr, Issuer, Plan, Route
from policylang.plan.refused import PlanRefused
from policylang.runtime.operators import literal, strict


def may_lack(claim: Claim) -> bool:
    """Whether a decoded claim or field can be absent."""
    return claim.optional and claim.default is None and claim.always is None


class Specialiser:
    """Specialises expressions to a cell. ``shadow_headers`` are the headers that no other rule of the cell reads."""

    def __init__(
        self, plan: Plan, route: Route, issuer: Issuer | None, shadow_headers: frozenset[str] = frozenset()
    ) -> None:
        self._issuer = None if issuer is None else issuer.name
        self._claims = {} if issuer is None else {claim.name: claim for claim in issuer.claims}
        self._has_metadata = issuer is not None
        self._has_select = route.select != -1
        self._shadow_headers = shadow_headers
        fields = () if plan.metadata is None or issuer is None else plan.metadata.fields
        self.optional: frozenset[Expr] = frozenset(
            [("claim", c.name) for c in self._claims.values() if may_lack(c)]
            + [("meta", field.name) for field in fields if may_lack(field)]
        )
        """References, beside headers, that may be absent although the cell has them."""

    def __call__(self, node: Expr) -> Expr:
        """What ``node`` comes to."""
        op = node[0]
        match op:
            case "lit":
                return ("lit", node[1], tuple(node[2])) if node[1] in ("set", "nets") else node
            case "claim" | "meta" | "header" | "grants" | "path" | "ip":
                return self._reference(node)
            case "issuer":
                return boolean(node[1] == self._issuer)
            case "not":
                return negation(self(node[1]))
            case "and" | "or":
                return junction(op, [self(operand) for operand in node[1:]])
            case "present":
                return self._present(self._reference(node[1]))
            case "else":
                ref = self._reference(node[1])
                if ref == ABSENT:
                    return self(node[2])
                return ("else", ref, self(node[2])) if self._may_be_absent(ref) else ref
            case "older":
                ref = self._reference(node[1])
                return FAULT if ref == ABSENT else ("older", ref, node[2])
            case "starts" | "ends" | "glob":
                return _strict((op, self(node[1]), node[2]), 1, 2)
            case "cmp" | "meets":
                return _strict((op, node[1], self(node[2]), self(node[3])), 2, 4)
            case _:
                return _strict((op, self(node[1]), self(node[2])), 1, 3)

    def _reference(self, ref: Expr) -> Expr:
        match ref[0]:
            case "claim":
                claim = self._claims.get(ref[1])
                if claim is None:
                    return ABSENT
                return ref if claim.always is None else pinned(claim)
            case "meta":
                return ref if self._has_metadata else ABSENT
            case "header" if ref[1] in self._shadow_headers:
                return ("shadowed", ref[1])
            case "grants" if not self._has_select:
                return ("lit", "set", ())
            case _:
                return ref

    def _may_be_absent(self, ref: Expr) -> bool:
        return ref[0] in ("header", "shadowed") or ref in self.optional

    def _present(self, ref: Expr) -> Expr:
        if ref == ABSENT:
            return FALSE
        # A reference that is always there is still a fault when what it stands in is not to be had.
        return ("present", ref) if self._may_be_absent(ref) or ref[0] in ("meta", "grants") else TRUE


def pinned(claim: Claim) -> Expr:
    """The literal of a claim that always has one value."""
    value = () if claim.always is None else claim.always[0]
    match claim.type[0]:
        case "set":
            return ("lit", "set", tuple(sorted(value)))
        case "bool" as kind:
            return ("lit", kind, value)
        case "int" | "time":
            return ("lit", "int", value)
        case _:
            return ("lit", "text", value)


def negation(operand: Expr) -> Expr:
    """``not``, folded."""
    if operand in (TRUE, FALSE):
        return boolean(operand == FALSE)
    if operand in (FAULT, ABSENT):
        return FAULT
    return operand[1] if operand[0] == "not" else ("not", operand)


def junction(op: str, operands: list[Expr]) -> Expr:
    """``and`` or ``or``, folded: nested ones become one, and what decides nothing goes.

    Operands that prove a reference present come first, whatever order the plan has: the others may rely on them.
    """
    decisive, neutral = (FALSE, TRUE) if op == "and" else (TRUE, FALSE)
    kept: dict[Expr, None] = {}
    for operand in operands:
        for part in operand[1:] if operand[0] == op else (operand,):
            if part == decisive:
                return decisive
            if part != neutral:
                kept[FAULT if part == ABSENT else part] = None
    if not kept:
        return neutral
    if len(kept) == 1:
        return next(iter(kept))
    return (op, *sorted(kept, key=lambda part: not narrowed(part, op == "and")))


def _strict(node: Expr, first: int, end: int) -> Expr:
    """An operator that needs all of its operands, those in ``[first, end)``: evaluated where they are all literals."""
    operands = node[first:end]
    if ABSENT in operands or FAULT in operands:
        return FAULT
    if any(operand[0] != "lit" for operand in operands):
        return node
    try:
        value = strict(node, tuple(literal(operand) for operand in operands))
    except TypeError:
        raise PlanRefused("", f"{node[0]} of values that do not go together") from None
    return ("lit", "int", value) if node[0] in ("add", "sub") else boolean(value)
