"""What is known in one part of a condition because of the parts beside it.

Beside a conjunct, all others count as true, wherever they stand; beside a disjunct, all others count as false. So
``issuer is`` leaves cases out, and ``present`` and ``absent`` say what has a value.

What makes this sound for three values: when an assumption says that ``x`` is present, the part that it comes from is
false (in ``or``: true) wherever ``x`` is absent, never a fault, and decides the whole.
"""

from collections.abc import Iterable, Mapping, Sequence

from policylang.check.environment import Names
from policylang.check.expr_cases import Absence, Case, Key, Live, absence
from policylang.check.expr_scene import Scene
from policylang.syntax import nodes

_ISSUERS, _GUARDS, _OTHER = range(3)

Part = tuple[nodes.Expr, Scene]


def key_of(ref: nodes.Ref | nodes.HeaderRef) -> Key:
    """What a reference names, however it is spelt: header names ignore case (RFC 9110 section 5.1)."""
    return ("header", ref.name.value.lower()) if isinstance(ref, nodes.HeaderRef) else (ref.root, ref.name)


def in_order(parts: Sequence[Part], live: Live, names: Names, *, truth: bool) -> list[Part]:
    """The parts of a conjunction (``truth``) or disjunction so that each stands after what it may rely on.

    First issuer tests, then presence tests and what is made of these alone, then what else says something about
    presence, then the rest. Evaluated in this order, with an early end, a guarded value is never looked at when absent.
    """

    def place(part: Part) -> int:
        rank = _rank(part[0], names.lets)
        if rank != _OTHER:
            return rank
        known = assume(part[0], live, names, truth=truth)
        return rank if known is not live and known != live else rank + 1

    return sorted(parts, key=place)


def assume(expr: nodes.Expr, live: Live, names: Names, *, truth: bool) -> Live:
    """The cases that remain, and what is present in them, when a condition has a truth value."""
    match expr:
        case nodes.LetRef():
            return assume(names.lets[expr.name].value, live, names, truth=truth)
        case nodes.Not():
            return assume(expr.operand, live, names, truth=not truth)
        case nodes.IssuerIs():
            wanted = None if expr.issuer.text == "anonymous" else expr.issuer.text
            meant = truth is not expr.negated
            return {case: known for case, known in live.items() if (case.issuer == wanted) is meant}
        case nodes.Presence():
            return _of_presence(key_of(expr.ref), live, names, present=truth is not expr.absent)
        case nodes.And() | nodes.Or():
            if isinstance(expr, nodes.And) is truth:
                for operand in expr.operands:
                    live = assume(operand, live, names, truth=truth)
                return live
            return _either(assume(operand, live, names, truth=truth) for operand in expr.operands)
        case _:
            return live


def _of_presence(key: Key, live: Live, names: Names, *, present: bool) -> Live:
    left: dict[Case, frozenset[Key]] = {}
    for case, known in live.items():
        alone = Absence.NEVER if key in known else absence(case, key, names)
        if present and alone is not Absence.ALWAYS:
            left[case] = known | {key}
        elif not present and alone is not Absence.NEVER:
            left[case] = known
    return left


def _either(branches: Iterable[Live]) -> Live:
    """A case remains if it remains in some branch; known is what all those branches know."""
    left: dict[Case, frozenset[Key]] = {}
    for branch in branches:
        for case, known in branch.items():
            left[case] = left[case] & known if case in left else known
    return left


def _rank(expr: nodes.Expr, lets: Mapping[str, nodes.Let]) -> int:
    match expr:
        case nodes.LetRef():
            return _rank(lets[expr.name].value, lets)
        case nodes.Not():
            return _rank(expr.operand, lets)
        case nodes.And() | nodes.Or():
            return max(_rank(operand, lets) for operand in expr.operands)
        case nodes.IssuerIs():
            return _ISSUERS
        case nodes.Presence():
            return _GUARDS
        case _:
            return _OTHER
