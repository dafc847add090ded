"""An expression as text, for help lines: with the fewest parentheses, and with some references written otherwise."""

from collections.abc import Mapping

from policylang.check.wording import quoted
from policylang.syntax import nodes

_WHOLE, _OR, _AND, _NOT, _TEST, _SUM, _PRIMARY = range(7)
_WORDS = {"starts": "starts with", "ends": "ends with", "matches": "matches"}

LONGEST = 160
"""Above so many characters a rewritten condition is no help any more."""


def written(expr: nodes.Expr, swapped: "Mapping[str, str] | None" = None) -> str:
    """The expression as its author could have written it; ``swapped`` maps written references to other text."""
    return _text(expr, _WHOLE, swapped or {})


def brief(expr: nodes.Expr, swapped: "Mapping[str, str] | None" = None) -> str:
    """The same, cut short by an ellipsis."""
    text = written(expr, swapped)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def reference(ref: nodes.Ref | nodes.HeaderRef) -> str:
    """A reference as written.

    >>> from policylang.source.spans import NOWHERE
    >>> reference(nodes.Ref(NOWHERE, "claims", "sub"))
    'claims.sub'
    """
    if isinstance(ref, nodes.HeaderRef):
        return f"header[{quoted(ref.name.value)}]"
    return f"{ref.root}.{ref.name}"


def _text(expr: nodes.Expr, around: int, swapped: Mapping[str, str]) -> str:
    own, text = _parts(expr, swapped)
    return f"({text})" if own < around else text


def _parts(expr: nodes.Expr, swapped: Mapping[str, str]) -> tuple[int, str]:
    def sub(operand: nodes.Expr, around: int) -> str:
        return _text(operand, around, swapped)

    match expr:
        case nodes.Ref() | nodes.HeaderRef():
            text = reference(expr)
            return _PRIMARY, swapped.get(text, text)
        case nodes.LetRef(name=name):
            return _PRIMARY, name
        case nodes.Str(value=value):
            return _PRIMARY, quoted(value)
        case nodes.Bool(value=value):
            return _PRIMARY, "true" if value else "false"
        case nodes.Int(value=value):
            return _PRIMARY, str(value)
        case nodes.StrSet(items=items):
            return _PRIMARY, f"[{', '.join(quoted(item.value) for item in items)}]"
        case nodes.Not(operand=operand):
            return _NOT, f"not {sub(operand, _NOT)}"
        case nodes.And(operands=operands):
            return _AND, " and ".join(sub(operand, _NOT) for operand in operands)
        case nodes.Or(operands=operands):
            return _OR, " or ".join(sub(operand, _NOT) for operand in operands)
        case nodes.Compare(op=op, left=left, right=right):
            return _TEST, f"{sub(left, _SUM)} {op} {sub(right, _SUM)}"
        case _:
            return _test_parts(expr, swapped)


def _test_parts(expr: nodes.Expr, swapped: Mapping[str, str]) -> tuple[int, str]:
    def sub(operand: nodes.Expr) -> str:
        return _text(operand, _SUM, swapped)

    match expr:
        case nodes.In(item=item, container=container, negated=negated):
            return _TEST, f"{sub(item)} {'not in' if negated else 'in'} {sub(container)}"
        case nodes.AnyOf(items=items, container=container):
            return _TEST, f"any of {sub(items)} in {sub(container)}"
        case nodes.AllOf(items=items, container=container):
            return _TEST, f"all of {sub(items)} in {sub(container)}"
        case nodes.Presence(ref=ref, absent=absent):
            return _TEST, f"{reference(ref)} {'absent' if absent else 'present'}"
        case nodes.Older(ref=ref, duration=duration):
            return _TEST, f"{reference(ref)} older than {duration.text}"
        case nodes.TextTest(op=op, subject=subject, pattern=pattern):
            return _TEST, f"{sub(subject)} {_WORDS[op]} {quoted(pattern.value)}"
        case nodes.IssuerIs(issuer=issuer, negated=negated):
            return _TEST, f"issuer is {'not ' if negated else ''}{issuer.text}"
        case nodes.Coalesce(left=left, right=right):  # parentheses beside any other operator
            return _OR, f"{_text(left, _PRIMARY, swapped)} ?? {_text(right, _PRIMARY, swapped)}"
        case nodes.Arith(op=op, left=left, right=right):
            return _SUM, f"{sub(left)} {op} {_text(right, _PRIMARY, swapped)}"
        case _:
            raise TypeError(f"{type(expr).__name__} is no expression")
