"""Conditions that no request can change: those with the same value in every case."""

from collections.abc import Sequence

from policylang.check import model
from policylang.check.expr_cases import Case
from policylang.check.expr_contradiction import TypeOf, impossible, tangled
from policylang.typesys.terms import Type


def in_case(expr: model.TypedExpr, case: Case) -> model.TypedExpr | bool:
    """What remains of a condition for the requests of one case: issuer and presence tests that it decides are gone."""
    match expr:
        case model.IssuerIs(issuer=issuer):
            return issuer == case.issuer
        case model.Present(ref=ref):
            return _present(expr, ref, case)
        case model.Not(operand=operand):
            inner = in_case(operand, case)
            if isinstance(inner, bool):
                return not inner
            return expr if inner is operand else model.Not(expr.span, expr.type, inner)
        case model.And(operands=operands) | model.Or(operands=operands):
            return _junction(expr, operands, case)
        case _:
            return expr


def _junction(expr: model.And | model.Or, operands: Sequence[model.TypedExpr], case: Case) -> model.TypedExpr | bool:
    decisive = isinstance(expr, model.Or)
    left: list[model.TypedExpr] = []
    for operand in operands:
        one = in_case(operand, case)
        if one is decisive:
            return decisive
        if not isinstance(one, bool):
            left.append(one)
    if not left:
        return not decisive
    if len(left) == 1:
        return left[0]
    same = len(left) == len(operands) and all(one is other for one, other in zip(left, operands, strict=True))
    return expr if same else type(expr)(expr.span, expr.type, tuple(left))


def _present(expr: model.Present, ref: model.Ref, case: Case) -> model.TypedExpr | bool:
    match ref.root:
        case "claims":
            declared = case.claims.get(ref.name)
            return False if declared is None else expr if declared.optional else True
        case "header" | "metadata":
            return expr
        case _:
            return True


def types_in(case: Case) -> TypeOf:
    """The exact types of claims in a case, and of metadata."""

    def type_of(ref: model.Ref) -> Type | None:
        if ref.root == "claims":
            declared = case.claims.get(ref.name)
            return None if declared is None else declared.type
        return ref.type if ref.root == "metadata" else None

    return type_of


def value_in(expr: model.TypedExpr, case: Case) -> bool | None:
    """The value that a condition has in every request of a case; None when it may differ."""
    rest = in_case(expr, case)
    if isinstance(rest, bool):
        return rest
    if not tangled([rest]):
        return None
    type_of = types_in(case)
    if impossible([(rest, True)], type_of):
        return False
    return True if impossible([(rest, False)], type_of) else None


def value_everywhere(expr: model.TypedExpr, cases: Sequence[Case]) -> bool | None:
    """The value that a condition has in every request of all cases; None when it may differ."""
    first = value_in(expr, cases[0])
    if first is None:
        return None
    return first if all(value_in(expr, case) is first for case in cases[1:]) else None
