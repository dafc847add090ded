"""Which conditions can never hold together: what each says of a value is put beside what the others say of it.

Sound and incomplete: alternatives are followed only when all but one are already excluded, so the work stays linear and
"possible" may be wrong, "impossible" never is. Faults count as neither true nor false.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from policylang.check import model
from policylang.check.expr_domain import Domain
from policylang.check.expr_shape import Shape, shape
from policylang.check.expr_types import BOOL
from policylang.source.spans import Span
from policylang.typesys.terms import Bool, Cidr, Enum, Int, SetOf, Type

Fact = tuple[model.TypedExpr, bool]
"""A condition and the value that it has."""

TypeOf = Callable[[model.Ref], Type | None]

ROUNDS = 16
PAIRS = 200

_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class _Atom:
    """``subject`` has a value in ``domain``; ``ref`` when it is a reference."""

    subject: Shape
    domain: Domain
    ref: model.Ref | None = None


@dataclass(frozen=True, slots=True)
class _Every:
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class _Some:
    facts: tuple[Fact, ...]


class Store:
    """Facts that are to hold together. ``type_of`` tells the exact type of a reference, where it is known."""

    def __init__(self, type_of: TypeOf | None = None) -> None:
        self._type_of = type_of
        self._domains: dict[Shape, Domain] = {}
        self._open: list[_Some] = []

    def copy(self) -> "Store":
        """A store to go on with alone."""
        other = Store(self._type_of)
        other._domains = dict(self._domains)
        other._open = list(self._open)
        return other

    def add(self, facts: Iterable[Fact]) -> bool:
        """Whether the facts may hold beside those before; once False, the store says nothing more."""
        pending = list(facts)
        for _ in range(ROUNDS):
            if not self._settle(pending, self._domains, self._open):
                return False
            pending = []
            undecided: list[_Some] = []
            for clause in self._open:
                left = [fact for fact in clause.facts if not self._refutes(fact)]
                if not left:
                    return False
                if len(left) == 1:
                    pending.extend(left)
                else:
                    undecided.append(_Some(tuple(left)))
            self._open = undecided
            if not pending:
                break
        return True

    def _refutes(self, fact: Fact) -> bool:
        """Whether a fact contradicts the store by itself; alternatives within it are not followed."""
        tried: dict[Shape, Domain] = {}
        return not self._settle([fact], tried, [])

    def _settle(self, pending: list[Fact], into: dict[Shape, Domain], clauses: list[_Some]) -> bool:
        while pending:
            step = _read(*pending.pop())
            if isinstance(step, _Every):
                pending.extend(step.facts)
            elif isinstance(step, _Some):
                clauses.append(step)
            elif isinstance(step, _Atom):
                known = into.get(step.subject) or self._domains.get(step.subject) or self._initial(step.ref)
                met = known.meet(step.domain)
                if met is None:
                    return False
                into[step.subject] = met
            elif not step:
                return False
        return True

    def _initial(self, ref: model.Ref | None) -> Domain:
        term = None if ref is None or self._type_of is None else self._type_of(ref)
        match term:
            case Enum(values):
                return Domain(allowed=frozenset(values))
            case Int(low, high):
                return Domain(low=low, high=high)
            case Bool():
                return Domain(allowed=frozenset({True, False}))
            case _:
                return Domain()


def impossible(facts: Sequence[Fact], type_of: TypeOf | None = None) -> bool:
    """Whether the facts provably never hold together."""
    return tangled([expr for expr, _ in facts]) and not Store(type_of).add(facts)


def tangled(exprs: Iterable[model.TypedExpr]) -> bool:
    """Whether two tests look at the same thing: if none do, nothing can contradict, and most conditions are like that."""
    seen: set[tuple[str, ...]] = set()
    pending = list(exprs)
    while pending:
        expr = pending.pop()
        inner = _INNER.get(type(expr))
        if inner is not None:
            pending += inner(expr)
            continue
        looks_at = _LOOKS_AT.get(type(expr))
        if looks_at is not None:
            key = looks_at(expr)
            if key in seen:
                return True
            seen.add(key)
    return False


_INNER: Mapping[type, Callable[[Any], tuple[model.TypedExpr, ...]]] = {
    model.Not: lambda expr: (expr.operand,),
    model.And: attrgetter("operands"),
    model.Or: attrgetter("operands"),
    model.Compare: attrgetter("left", "right"),
    model.Arith: attrgetter("left", "right"),
    model.In: attrgetter("item", "container"),
    model.Meets: attrgetter("items", "container"),
    model.Coalesce: attrgetter("ref", "default"),
    model.TextTest: lambda expr: (expr.subject,),
}
_LOOKS_AT: Mapping[type, Callable[[Any], tuple[str, ...]]] = {
    model.Ref: attrgetter("root", "name"),
    model.Present: lambda expr: ("present", expr.ref.root, expr.ref.name),
    model.Older: lambda expr: ("age", expr.ref.root, expr.ref.name),
    model.IssuerIs: lambda _: ("issuer",),
}


def disjoint(a: model.TypedExpr | None, b: model.TypedExpr | None) -> bool:
    """Whether two conditions are provably never both true. None is a condition that always holds."""
    return impossible([(expr, True) for expr in (a, b) if expr is not None])


def clash(conjuncts: Sequence[model.TypedExpr]) -> tuple[Span | None, Span]:
    """The places of two conjuncts that exclude each other; of the one that no longer fits, if it takes more than two."""
    for j, later in enumerate(conjuncts[:PAIRS]):
        for earlier in conjuncts[:j]:
            if impossible([(earlier, True), (later, True)]):
                return (earlier.span, later.span) if earlier.span < later.span else (later.span, earlier.span)
    store = Store()
    return None, next((one.span for one in conjuncts if not store.add([(one, True)])), conjuncts[-1].span)


def _read(expr: model.TypedExpr, truth: bool) -> _Atom | _Every | _Some | bool:
    """What it says that a condition has a truth value."""
    match expr:
        case model.Not(operand=operand):
            return _Every(((operand, not truth),))
        case model.And(operands=operands) | model.Or(operands=operands):
            facts = tuple((operand, truth) for operand in operands)
            return _Every(facts) if isinstance(expr, model.And) is truth else _Some(facts)
        case model.Lit(value=value):
            return value is truth
        case model.Compare():
            return _comparison(expr, truth)
        case model.In(item=item, container=model.Lit(value=frozenset() as values, type=kind)):
            if kind == SetOf(Cidr()):
                nets = frozenset({values})
                return _Atom(shape(item), Domain(within=nets) if truth else Domain(outside=nets))
            return _values(item, values, truth)
        case model.Meets(items=model.Lit(value=frozenset() as values), container=container, every=every):
            return _items(sorted(values), container, every, truth)
        case model.IssuerIs(issuer=issuer):
            one = frozenset({issuer})
            return _Atom(("issuer",), Domain(allowed=one) if truth else Domain(excluded=one))
        case model.Older(ref=ref, micros=micros):
            return _Atom(("age", shape(ref)), Domain(low=micros + 1) if truth else Domain(high=micros))
        case model.TextTest(op=op, subject=subject, pattern=pattern):
            return _Atom(shape(subject), Domain(tests=frozenset({(op, pattern, truth)})), _reference(subject))
        case _:
            return _opaque(expr, truth)


def _opaque(expr: model.TypedExpr, truth: bool) -> _Atom:
    subject = shape(expr)
    if subject[0] == "not" and isinstance(subject[1], tuple):
        subject, truth = subject[1], not truth
    return _Atom(subject, Domain(allowed=frozenset({truth})), _reference(expr))


def _reference(expr: model.TypedExpr) -> model.Ref | None:
    return expr if isinstance(expr, model.Ref) else None


def _values(subject: model.TypedExpr, values: frozenset[str], truth: bool) -> _Atom:
    domain = Domain(allowed=values) if truth else Domain(excluded=values)
    return _Atom(shape(subject), domain, _reference(subject))


def _items(values: Sequence[str], container: model.TypedExpr, every: bool, truth: bool) -> _Every | _Some:
    """``any of`` and ``all of`` a list are alternatives and conjuncts of ``in``."""
    item = container.type.item if isinstance(container.type, SetOf) else container.type
    span = container.span
    facts = tuple((model.In(span, BOOL, model.Lit(span, item, value), container), truth) for value in values)
    return _Every(facts) if every is truth else _Some(facts)


def _comparison(expr: model.Compare, truth: bool) -> _Atom:
    op, left, right = expr.op if truth else _CONTRARY[expr.op], expr.left, expr.right
    if isinstance(left, model.Lit):
        op, left, right = _MIRRORED[op], right, left
    if not isinstance(right, model.Lit) or isinstance(left, model.Lit):
        return _opaque(expr, truth)
    return _Atom(shape(left), _bounded(op, right.value), _reference(left))


def _bounded(op: str, value: model.Value) -> Domain:
    if op in {"==", "!="} or not isinstance(value, int):
        one = frozenset({value})
        return Domain(allowed=one) if op == "==" else Domain(excluded=one)
    match op:
        case "<":
            return Domain(high=value - 1)
        case "<=":
            return Domain(high=value)
        case ">":
            return Domain(low=value + 1)
        case _:
            return Domain(low=value)
