"""Operators on the constants of conditions: a number by one, another member, a set without one of its items."""

from collections.abc import Iterator

from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.places import Place, conditions, places
from policylang.mutation.written import Written
from policylang.syntax import nodes
from policylang.syntax.walk import walk
from policylang.typesys.terms import Enum


def change_constants(written: Written) -> Iterator[Mutant]:
    """Each constant of each condition; texts of an enumeration alone, as of others any change is as wide as dropping."""
    for place in places(written):
        for condition in conditions(place.root):
            if not isinstance(condition, nodes.And | nodes.Or | nodes.Not):
                test = Place(place.owner, condition)
                for node in walk(condition):
                    yield from _changed(written, test, node)


def _changed(written: Written, test: Place, node: nodes.Node) -> Iterator[Mutant]:
    match node:
        case nodes.Int(value=value):
            yield from (_number(written, test, node, str(value + step)) for step in (1, -1))
        case nodes.Duration(text=text):
            changed = [stepped(text, step) for step in (1, -1)]
            yield from (_number(written, test, node, one) for one in changed if one is not None)
        case nodes.Bool(value=truth):
            yield _constant(written, test, node, "false" if truth else "true")
        case nodes.Str():
            other = _another_member(written, node)
            if other is not None:
                yield _constant(written, test, node, f'"{other}"')
        case nodes.StrSet(items=items) if len(items) > 1:
            yield from (_item(written, test, node, index) for index in range(len(items)))


def stepped(text: str, step: int) -> str | None:
    """A duration or number one unit longer or shorter, in the same unit; None where nothing would be left.

    >>> stepped("1_500ms", 1), stepped("1d", -1)
    ('1501ms', None)
    """
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    count = int(digits.replace("_", "")) + step
    return f"{count}{text[len(digits) :]}" if count > 0 else None


def _number(written: Written, test: Place, node: nodes.Node, text: str) -> Mutant:
    # Behind a sign a negative number needs parentheses to be one.
    signed = text.startswith("-") and written.before(node.span).type == "SIGN"
    edit = Edit(node.span, f"({text})" if signed else text)
    hint = f"Test {test.owner} with values just at and just beyond `{written.text(node.span)}`."
    return Mutant("change_number", node.span, test.root.span, (edit,), hint)


def _constant(written: Written, test: Place, node: nodes.Node, text: str) -> Mutant:
    old = written.text(node.span)
    hint = f"Test {test.owner} with {old} and with {text}, and expect both answers."
    return Mutant("change_constant", node.span, test.root.span, (Edit(node.span, text),), hint)


def _item(written: Written, test: Place, node: nodes.StrSet, index: int) -> Mutant:
    spans = [item.span for item in node.items]
    hint = f"Test {test.owner} with a request with {written.text(spans[index])} and no other item of the set."
    return Mutant("drop_item", spans[index], test.root.span, (without(spans, index),), hint)


def _another_member(written: Written, node: nodes.Str) -> str | None:
    typed = written.literals.get(node.span)
    if typed is None or not isinstance(typed.type, Enum) or typed.value not in typed.type.values:
        return None
    members = typed.type.values
    other = members[(members.index(str(typed.value)) + 1) % len(members)]
    plain = other.isprintable() and not set(other) & set('"\\{}')
    return other if plain and other != typed.value else None
