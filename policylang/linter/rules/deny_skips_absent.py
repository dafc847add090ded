"""L044: a deny that lets those pass who lack what it looks at."""

from collections.abc import Iterator, Set

from policylang.check import model
from policylang.linter.conditions import references
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Denies that are false whenever an optional claim or metadata field that they read is absent."""
    del options
    for rule in subject.denies:
        if rule.condition is None:
            continue
        optional = {(ref.root, ref.name): ref for ref in references(rule.condition) if ref.optional}
        for key, ref in sorted(optional.items(), key=lambda pair: pair[1].span):
            if ref.root in {"claims", "metadata"} and _truth(rule.condition, {key}) is False:
                yield Finding(
                    ref.span,
                    f"`{rule.name}` denies nobody who has no `{ref.root}.{ref.name}`",
                    "may be absent",
                    help=(f"say so if missing is no reason to pass:  {ref.root}.{ref.name} absent or …",),
                )
                break


def _truth(expr: model.TypedExpr, absent: Set[tuple[str, str]]) -> bool | None:
    """The value of a condition when these references are absent; None where it depends on more."""
    match expr:
        case model.Lit(value=bool() as value):
            return value
        case model.Not(operand=operand):
            truth = _truth(operand, absent)
            return None if truth is None else not truth
        case model.And(operands=operands) | model.Or(operands=operands):
            decisive = isinstance(expr, model.Or)
            values = [_truth(operand, absent) for operand in operands]
            if decisive in values:
                return decisive
            return None if None in values else not decisive
        case model.Present(ref=ref):
            return False if (ref.root, ref.name) in absent else None
        case model.Compare(op=op, left=left, right=right):
            return _compared(op, _value(left, absent), _value(right, absent))
        case model.In(item=item, container=model.Lit(value=frozenset() as values)):
            sought = _value(item, absent)
            return sought in values if isinstance(sought, str) else None
        case _:
            return None


def _value(expr: model.TypedExpr, absent: Set[tuple[str, str]]) -> model.Value | None:
    match expr:
        case model.Lit(value=value):
            return value
        case model.Coalesce(ref=ref, default=default) if (ref.root, ref.name) in absent:
            return _value(default, absent)
        case _:
            return None


def _compared(op: str, left: model.Value | None, right: model.Value | None) -> bool | None:
    if left is None or right is None:
        return None
    if op in {"==", "!="}:
        return (left == right) is (op == "==")
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]


RULE = LintRule(
    code="L044",
    name="deny-skips-absent",
    severity="note",
    what="A `deny` that never holds when an optional claim or metadata field that it reads is absent.",
    why="The compiler asks what a missing value means. `present and …` and `?? 0` in a `deny` answer: it passes. Who can "
    "get a token without the claim gets past the rule.",
    bad="deny risky on orders when (claims.risk ?? 0) > 50\n",
    good="deny risky on orders when claims.risk absent or claims.risk > 50\n",
    check=check,
)
