"""Operators on the tests of values: each is turned into the one that is most easily mistaken for it."""

from collections.abc import Iterator, Mapping

from policylang.mutation.mutant import Edit, Mutant
from policylang.mutation.places import Place, conditions, places
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes

FLIPPED: Mapping[nodes.CompareOp, nodes.CompareOp] = {
    "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">",
}  # fmt: skip


def flip_tests(written: Written) -> Iterator[Mutant]:
    """``==`` and ``!=``, ``<`` and ``<=``, ``in`` and ``not in``, ``present`` and ``absent``, and others in pairs."""
    for place in places(written):
        for node in conditions(place.root):
            found = _flipped(written, node)
            if found is not None:
                operator, edit = found
                yield Mutant(operator, node.span, node.span, (edit,), _hint(written, place, node))


def _flipped(written: Written, node: nodes.Expr) -> tuple[str, Edit] | None:
    match node:
        case nodes.Compare(op=op, left=left):
            word = written.after(written.whole(left.span))
            return "flip_comparison", written.edit(node.span, word, FLIPPED[op])
        case nodes.In(item=item, negated=negated):
            word = written.after(written.whole(item.span))
            if negated:
                following = written.after(Span(node.span.file, word.start, word.end))
                return "flip_membership", Edit(Span(node.span.file, word.start, following.start), "")
            return "flip_membership", written.edit(node.span, word, "not in")
        case nodes.AnyOf() | nodes.AllOf():
            word = written.words(node.span)[0]
            return "flip_quantifier", written.edit(node.span, word, "all" if word.value == "any" else "any")
        case nodes.Presence(absent=absent):
            word = written.words(node.span)[-1]
            return "flip_presence", written.edit(node.span, word, "present" if absent else "absent")
        case nodes.IssuerIs(issuer=issuer, negated=negated):
            if negated:
                word = written.before(issuer.span)
                return "flip_issuer", Edit(Span(node.span.file, word.start, issuer.span.start), "")
            return "flip_issuer", Edit(Span(node.span.file, issuer.span.start, issuer.span.start), "not ")
        case nodes.TextTest(op=op, subject=subject) if op != "matches":
            word = written.after(written.whole(subject.span))
            return "flip_text_test", written.edit(node.span, word, "ends" if op == "starts" else "starts")
        case _:
            return None


def _hint(written: Written, place: Place, node: nodes.Expr) -> str:
    text, owner = written.text(node.span), place.owner
    match node:
        case nodes.Compare(op="<" | "<=" | ">" | ">="):
            return f"Test {owner} with a request for which both sides of `{text}` are equal."
        case nodes.AnyOf() | nodes.AllOf():
            return f"Test {owner} with a request for which some, but not all, of the items of `{text}` are there."
        case nodes.TextTest():
            return f"Test {owner} with a request whose value fits `{text}` at that end alone."
        case _:
            return f"Test {owner} with requests for which `{text}` is true and is false, and expect both answers."
