"""Operators on ``and``, ``or`` and ``not``: drop a part, take the other word, say the opposite."""

from collections.abc import Iterator

from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.places import Place, conditions, places
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes

Junction = nodes.And | nodes.Or


def drop_parts(written: Written) -> Iterator[Mutant]:
    """``a and b`` becomes ``a``, and ``b``. A part that only says who asks or what is there is a guard.

    A part that provably never decides beside the others is no change.
    """
    for place in places(written):
        for node in conditions(place.root):
            if isinstance(node, Junction):
                spans = [written.whole(operand.span) for operand in node.operands]
                for index, operand in enumerate(node.operands):
                    if not _matters(written, place, node, operand):
                        continue
                    guard = isinstance(operand, nodes.Presence | nodes.IssuerIs)
                    operator = "drop_guard" if guard else "drop_condition"
                    hint = _drop_hint(written, place, node, operand)
                    yield Mutant(operator, operand.span, node.span, (without(spans, index),), hint)


def _matters(written: Written, place: Place, node: Junction, operand: nodes.Expr) -> bool:
    """Whether some request may be decided by this operand, having its value beside others that have the other one."""
    if place.of is None:
        return True
    typed, routes = written.proofs.typed(place.of)
    if any(one.span not in typed for one in node.operands):
        return True
    neutral = isinstance(node, nodes.And)
    facts = [(typed[one.span], neutral is not (one is operand)) for one in node.operands]
    return written.proofs.together(facts, routes)


def _drop_hint(written: Written, place: Place, node: Junction, operand: nodes.Expr) -> str:
    value, others = ("false", "true") if isinstance(node, nodes.And) else ("true", "false")
    text = written.text(operand.span)
    return f"Test {place.owner} with a request for which `{text}` is {value} and what stands beside it is {others}."


def flip_junctions(written: Written) -> Iterator[Mutant]:
    """``a and b`` becomes ``a or b``, and the other way round."""
    for place in places(written):
        for node in conditions(place.root):
            if isinstance(node, Junction):
                word = "or" if isinstance(node, nodes.And) else "and"
                spans = [written.whole(operand.span) for operand in node.operands]
                edits = tuple(written.edit(span, written.after(span), word) for span in spans[:-1])
                hint = f"Test {place.owner} with a request for which only some of `{written.text(node.span)}` is true."
                yield Mutant("flip_junction", node.span, node.span, edits, hint)


def negate(written: Written) -> Iterator[Mutant]:
    """A condition becomes its opposite, where no operator of its own can be turned round."""
    for place in places(written):
        for node in conditions(place.root):
            edits = _negation(written, node, node is place.root)
            if edits:
                text = written.text(node.span)
                hint = f"Test {place.owner} with requests for which `{text}` is true and is false, and expect both answers."
                yield Mutant("negate", node.span, node.span, edits, hint)


def _negation(written: Written, node: nodes.Expr, root: bool) -> tuple[Edit, ...]:
    start = Span(node.span.file, node.span.start, node.span.start)
    end = Span(node.span.file, node.span.end, node.span.end)
    match node:
        case nodes.Not(operand=operand):
            return (Edit(Span(node.span.file, node.span.start, written.whole(operand.span).start), ""),)
        case nodes.And() | nodes.Or() if not root:
            return ()
        case nodes.Ref() | nodes.HeaderRef() | nodes.LetRef():
            return (Edit(start, "not "),)
        case nodes.And() | nodes.Or() | nodes.Older() | nodes.TextTest() | nodes.Coalesce():
            # It may begin with a parenthesis right behind a word, which must not grow.
            gap = " " if written.before(start).end == start.start else ""
            return (Edit(start, f"{gap}not ("), Edit(end, ")"))
        case _:
            return ()
