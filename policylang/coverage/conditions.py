"""The conditions of one typed expression: its atoms, its defaults, and what is settled when each is looked at.

Law of this file: it follows the order in which the reference interpreter evaluates, so that a value told of a node here
is the value of the source text at the node's place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from policylang.check import model
from policylang.source.spans import Span

Fact = tuple[model.TypedExpr, bool]
"""A condition and a value that it has."""

_FAULTING_ROOTS = frozenset({"metadata", "policy", "header"})


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition without ``and``, ``or`` and ``not``. ``before`` is what holds whenever it is looked at."""

    expr: model.TypedExpr
    span: Span
    before: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Default:
    """A ``??`` and what holds whenever it is looked at."""

    expr: model.Coalesce
    before: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A condition of several parts that stand side by side: true when all are, false when one is."""

    span: Span
    parts: tuple[model.TypedExpr, ...]


def atoms(expr: model.TypedExpr, before: tuple[Fact, ...] = (), exception: model.Not | None = None) -> Iterator[Atom]:
    """The atoms of a condition, in the order in which they are looked at. ``exception`` is its ``unless``."""
    match expr:
        case model.Not(operand=operand) if expr is exception or not _one_word(expr):
            yield from atoms(operand, before)
        case model.And(operands=operands) | model.Or(operands=operands):
            neutral = isinstance(expr, model.And)
            for operand in operands:
                yield from atoms(operand, before, exception)
                # After an operand without an answer the next one is looked at all the same.
                before = before if may_fault(operand) else (*before, (operand, neutral))
        case _:
            yield Atom(expr, expr.span, before)


def _one_word(expr: model.Not) -> bool:
    """Whether the source says it in one: ``x absent``, ``x not in y``, ``issuer is not x``."""
    return expr.span == expr.operand.span and not isinstance(expr.operand, model.And | model.Or | model.Not)


def defaults(atom: Atom) -> Iterator[Default]:
    """The ``??`` in an atom."""
    for node in _within(atom.expr):
        if isinstance(node, model.Coalesce):
            yield Default(node, atom.before)


def may_fault(expr: model.TypedExpr) -> bool:
    """Whether an expression may be without an answer: it names what may not be to be had."""
    return any(isinstance(node, model.Ref) and node.root in _FAULTING_ROOTS for node in _within(expr))


def reads_grants(expr: model.TypedExpr | None) -> bool:
    """Whether an expression depends on the policies that the select names."""
    return expr is not None and any(isinstance(node, model.Ref) and node.root == "policy" for node in _within(expr))


def mentioned(expr: model.TypedExpr) -> frozenset[tuple[str, str]]:
    """What an expression names, by root and name; the issuer too."""
    named = {(node.root, node.name) for node in _within(expr) if isinstance(node, model.Ref)}
    issuers = {("issuer", "") for node in _within(expr) if isinstance(node, model.IssuerIs)}
    return frozenset(named | issuers)


def _within(expr: model.TypedExpr) -> Iterator[model.TypedExpr]:
    pending: list[object] = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, model.Typed):
            yield node  # type: ignore[misc]  # every Typed is one of the union
            pending.extend(getattr(node, part.name) for part in fields(node))


def exception_of(condition: model.TypedExpr, unless: Span | None) -> model.Not | None:
    """The part of a rule's condition that its ``unless`` became, which is denied there."""
    operands = condition.operands if isinstance(condition, model.And) else (condition,)
    found = (one for one in operands if isinstance(one, model.Not) and one.span == unless)
    return None if unless is None else next(found, None)


def wholes(condition: model.TypedExpr, when: Span, exception: model.Not | None) -> tuple[Whole, ...]:
    """A rule's ``when`` and ``unless``: the checker has made one conjunction of them, without an order of theirs."""
    if exception is None:
        return (Whole(when, (condition,)),)
    operands = condition.operands if isinstance(condition, model.And) else (condition,)
    rest = tuple(one for one in operands if one is not exception)
    parts = (Whole(when, rest),) if rest else ()
    return (*parts, Whole(exception.span, (exception.operand,)))
