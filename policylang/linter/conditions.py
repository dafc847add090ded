"""Typed conditions: what they read, and which of them imply or exclude each other.

Law of this file: an answer that a lint rests on is sound. "Implies" and "excludes" may be missed, never wrongly found.
"""

from collections.abc import Iterator

from policylang.check import model
from policylang.check.expr_contradiction import impossible
from policylang.check.expr_shape import shape

FAULTING = frozenset({"metadata", "policy"})
"""The roots whose references may fault: a condition that reads none of them is true or false in every request."""


def walk(expr: model.TypedExpr) -> Iterator[model.TypedExpr]:
    """An expression and all below it, parents first."""
    pending: list[model.TypedExpr] = [expr]
    while pending:
        current = pending.pop()
        yield current
        match current:
            case model.Not(operand=operand):
                pending.append(operand)
            case model.And(operands=operands) | model.Or(operands=operands):
                pending.extend(reversed(operands))
            case model.Compare(left=one, right=other) | model.Arith(left=one, right=other):
                pending += (other, one)
            case model.In(item=one, container=other) | model.Meets(items=one, container=other):
                pending += (other, one)
            case model.Coalesce(ref=one, default=other):
                pending += (other, one)
            case model.Present(ref=one) | model.Older(ref=one) | model.TextTest(subject=one):
                pending.append(one)
            case model.Lit() | model.Ref() | model.IssuerIs():
                pass


def references(expr: model.TypedExpr | None) -> Iterator[model.Ref]:
    """Every reference in a condition; none in ``always``."""
    if expr is not None:
        for part in walk(expr):
            if isinstance(part, model.Ref):
                yield part


def roots(expr: model.TypedExpr | None) -> frozenset[str]:
    """The roots of what a condition reads, with "issuer" where it asks which issuer it is."""
    if expr is None:
        return frozenset()
    found = {ref.root for ref in references(expr)}
    asks = any(isinstance(part, model.IssuerIs) for part in walk(expr))
    return frozenset(found) | ({"issuer"} if asks else frozenset())


def may_fault(expr: model.TypedExpr | None) -> bool:
    """Whether a condition may be neither true nor false."""
    return not FAULTING.isdisjoint(roots(expr))


def implies(one: model.TypedExpr | None, other: model.TypedExpr | None) -> bool:
    """Whether ``other`` is provably true whenever ``one`` is; None is ``always``.

    A condition that may fault is implied by its equal alone, as it may be neither where ``one`` is true.
    """
    if other is None:
        return True
    if one is None:
        return False
    if may_fault(other):
        return same(one, other)
    # Part by part: the first part that is not implied settles it, and most pairs differ in their first part.
    parts = other.operands if isinstance(other, model.And) else (other,)
    return all(impossible([(one, True), (part, False)]) for part in parts)


def same(one: model.TypedExpr | None, other: model.TypedExpr | None) -> bool:
    """Whether two conditions are the same test."""
    if one is None or other is None:
        return one is other
    return shape(one) == shape(other)


def exclude(one: model.TypedExpr | None, other: model.TypedExpr | None, issuer: str | None) -> bool:
    """Whether two conditions are provably never both true of a request with a token of ``issuer`` (None: without)."""
    place = one or other
    if place is None:
        return False
    facts: list[tuple[model.TypedExpr, bool]] = [(expr, True) for expr in (one, other) if expr is not None]
    here = model.IssuerIs(place.span, place.type, issuer)
    return impossible([(here, True), *facts])
