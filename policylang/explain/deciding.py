"""Which conditions decided a rule, and what would have to change for it to come out otherwise."""

from collections.abc import Iterable

from policylang.explain.evaluate import ABSENT, FAULT, Walked
from policylang.plan.written import expression

Lack = tuple[Walked, bool]
"""A test, and the value that it would need."""

Way = tuple[Lack, ...]
"""Tests that would all have to change."""

NEGATED = frozenset({"present", "in", "innet", "issuer"})
"""Tests whose negation an author writes as one test: ``absent``, ``not in``, ``is not``."""

WAYS = 3
"""Ways that are followed; the nearest ones."""


def deciding(walked: Walked) -> tuple[Walked, ...]:
    """The smallest nodes each of which, having another value, would take from the whole the value that it has.

    Where several would have to change together, it is the node above them. Of a fault: the nodes that caused it. Where a
    node has a value, operands without one had no part in it.
    """
    match walked.expr[0]:
        case "not" if walked.operands[0].expr[0] not in NEGATED:
            return deciding(walked.operands[0])
        case "and" | "or" as op:
            neutral = op == "and"
            if walked.truth is neutral:
                return tuple(node for operand in walked.operands for node in deciding(operand))
            culprits = [operand for operand in walked.operands if operand.truth is walked.truth]
            return deciding(culprits[0]) if len(culprits) == 1 else (walked,)
        case _:
            return (walked,)


def unheard(walked: Walked) -> dict[int, str]:
    """Why operands without a value did not keep the nodes above them from having one, by index; only where that happened."""
    found: dict[int, str] = {}
    if walked.expr[0] in {"and", "or", "not"}:
        for operand in walked.operands:
            if walked.truth is not None and operand.truth is None:
                found[operand.index] = _why(operand)
            else:
                found |= unheard(operand)
    return found


def _why(walked: Walked) -> str:
    leaves = list(_leaves(walked))
    for lack, words in ((FAULT, "not to be had"), (ABSENT, "absent")):
        names = sorted({expression(leaf.expr) for leaf in leaves if leaf.value is lack})
        if names:
            return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} {words}"
    return "it has no value"


def _leaves(walked: Walked) -> Iterable[Walked]:
    if not walked.operands:
        yield walked
    for operand in walked.operands:
        yield from _leaves(operand)


def lacking(walked: Walked, wanted: bool) -> Way:
    """The fewest tests, each with the value it would need, that would have to change for the node to be ``wanted``."""
    return ways(walked, wanted)[0]


def ways(walked: Walked, wanted: bool) -> list[Way]:
    """The nearest ways for the node to be ``wanted``, those with the fewest changes first; WAYS at most, one at least.

    A way with no change in it: the node is that already.
    """
    match walked.expr[0]:
        case "not":
            return ways(walked.operands[0], not wanted)
        case "and" | "or" as op:
            each = [ways(operand, wanted) for operand in walked.operands]
            return _together(each) if (op == "and") == wanted else _nearest(way for found in each for way in found)
        case _:
            return [()] if walked.truth is wanted else [((walked, wanted),)]


def _together(each: list[list[Way]]) -> list[Way]:
    found: list[Way] = [()]
    for some in each:
        found = _nearest(way + more for way in found for more in some)
    return found


def _nearest(found: Iterable[Way]) -> list[Way]:
    """The shortest, without those that ask for more than a shorter one."""
    kept: list[Way] = []
    for way in sorted(found, key=len):
        changes = {node.index for node, _ in way}
        if not any({node.index for node, _ in other} <= changes for other in kept):
            kept.append(way)
    return kept[:WAYS]
