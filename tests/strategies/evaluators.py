"""Two small evaluators of conditions that share only their operators: one for checked trees, one for what authors write.

The first reads a checked tree from left to right with an early end, as everything downstream may. The second reads the
AST, unchecked: an operand of ``and`` or ``or`` that goes wrong matters only if no other one decides the whole.
"""

from typing import Any

from policylang.check import model
from policylang.syntax import nodes
from tests.strategies.expressions import NOW, Given


class Fault:
    """The one fault: metadata that are not to be had."""


FAULT = Fault()


class WrongError(Exception):
    """What a checker is there to keep away: absence, a wrong type, a name that means nothing."""


def known(root: str, name: str, given: Given) -> Any:
    """The value of a reference, None where it is absent."""
    match root:
        case "claims":
            return given.claims.get(name)
        case "metadata":
            return FAULT if given.metadata is None else given.metadata.get(name)
        case "header":
            return given.headers.get(name)
        case "path" if name in given.captures:
            return given.captures[name]
        case "client" | "peer" if name == "ip":
            return "10.0.0.1"
        case _:
            raise WrongError(f"{root}.{name} means nothing")


def compared(op: str, left: Any, right: Any) -> bool:
    if type(left) is not type(right) or (op not in {"==", "!="} and type(left) is not int):
        raise WrongError(f"{left!r} {op} {right!r}")
    return bool(
        {"==": left == right, "!=": left != right}[op]
        if op in {"==", "!="}
        else {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]
    )


def operator(name: str, *values: Any) -> Any:
    """A total operator on values that are there; a fault passes through, anything else goes wrong."""
    if any(value is FAULT for value in values):
        return FAULT
    if any(value is None for value in values):
        raise WrongError(f"{name} of what is absent")
    match name, values:
        case ("in", (str() as item, frozenset() as container)):
            return item in container
        case ("any", (frozenset() as items, frozenset() as container)):
            return bool(items & container)
        case ("all", (frozenset() as items, frozenset() as container)):
            return items <= container
        case ("starts", (str() as text, str() as pattern)):
            return text.startswith(pattern)
        case ("ends", (str() as text, str() as pattern)):
            return text.endswith(pattern)
        case ("matches", (str() as text, str() as pattern)):
            assert pattern == "a*"
            return text.startswith("a")
        case ("older", (int() as second, int() as micros)) if type(second) is int:
            return NOW - second * 1_000_000 > micros
        case ("+" | "-", (int() as left, int() as right)) if type(left) is type(right) is int:
            return left + right if name == "+" else left - right
        case ("bool", (bool() as value,)):
            return value
        case ("==" | "!=" | "<" | "<=" | ">" | ">=", (left, right)):
            return compared(name, left, right)
        case _:
            raise WrongError(f"{name} of {values!r}")


def negated(value: Any) -> Any:
    return value if value is FAULT else not operator("bool", value)


def value_of(expr: model.TypedExpr, given: Given) -> Any:
    match expr:
        case model.Lit(value=value):
            return value
        case model.Ref(root=root, name=name):
            return known(root, name, given)
        case model.Not(operand=operand):
            return negated(value_of(operand, given))
        case model.And(operands=operands) | model.Or(operands=operands):
            decisive = isinstance(expr, model.Or)
            result: Any = not decisive
            for operand in operands:
                value = operator("bool", value_of(operand, given))
                if value is decisive:
                    return decisive
                result = FAULT if value is FAULT else result
            return result
        case model.Present(ref=ref):
            value = known(ref.root, ref.name, given)
            return FAULT if value is FAULT else value is not None
        case model.Coalesce(ref=ref, default=default):
            value = known(ref.root, ref.name, given)
            return value_of(default, given) if value is None else value
        case model.IssuerIs(issuer=issuer):
            return given.issuer == issuer
        case model.Older(ref=ref, micros=micros):
            return operator("older", known(ref.root, ref.name, given), micros)
        case model.TextTest(op=op, subject=subject, pattern=pattern):
            return operator(op, value_of(subject, given), pattern)
        case model.Compare(op=op, left=left, right=right) | model.Arith(op=op, left=left, right=right):
            return operator(op, value_of(left, given), value_of(right, given))
        case model.In(item=item, container=container):
            return operator("in", value_of(item, given), value_of(container, given))
        case model.Meets(items=items, container=container, every=every):
            return operator("all" if every else "any", value_of(items, given), value_of(container, given))


def meaning(expr: nodes.Expr, given: Given, lets: dict[str, nodes.Expr] | None = None) -> Any:
    def of(inner: nodes.Expr) -> Any:
        return meaning(inner, given, lets)

    match expr:
        case nodes.Str(value=value) | nodes.Int(value=value) | nodes.Bool(value=value):
            return value
        case nodes.StrSet(items=items):
            return frozenset(item.value for item in items)
        case nodes.Ref(root=root, name=name):
            return known(root, name, given)
        case nodes.HeaderRef(name=header):
            return known("header", header.value.lower(), given)
        case nodes.LetRef(name=name):
            if lets is None or name not in lets:
                raise WrongError(f"{name} means nothing")
            return of(lets[name])
        case nodes.Not(operand=operand):
            return negated(of(operand))
        case nodes.And(operands=operands):
            return decided(operands, given, lets, decisive=False)
        case nodes.Or(operands=operands):
            return decided(operands, given, lets, decisive=True)
        case nodes.Presence(ref=ref, absent=absent):
            value = of(ref)
            return FAULT if value is FAULT else (value is None) is absent
        case nodes.Coalesce(left=left, right=right):
            value = of(left)
            return of(right) if value is None else value
        case nodes.IssuerIs(issuer=issuer, negated=other):
            return (given.issuer == (None if issuer.text == "anonymous" else issuer.text)) is not other
        case nodes.Older(ref=ref, duration=duration):
            return operator("older", of(ref), duration.micros)
        case nodes.TextTest(op=op, subject=subject, pattern=pattern):
            return operator(op, of(subject), pattern.value)
        case nodes.Compare(op=op, left=left, right=right) | nodes.Arith(op=op, left=left, right=right):
            return operator(op, of(left), of(right))
        case nodes.In(item=item, container=container, negated=other):
            value = operator("in", of(item), of(container))
            return negated(value) if other else value
        case nodes.AnyOf(items=items, container=container):
            return operator("any", of(items), of(container))
        case nodes.AllOf(items=items, container=container):
            return operator("all", of(items), of(container))


def verdict(expr: nodes.Expr, given: Given) -> Any:
    """The value of a condition; anything but a truth value or a fault goes wrong."""
    return operator("bool", meaning(expr, given))


def decided(
    operands: tuple[nodes.Expr, ...], given: Given, lets: dict[str, nodes.Expr] | None, *, decisive: bool
) -> Any:
    """Kleene's junction: one decisive operand is enough, whatever becomes of the others."""
    wrong: WrongError | None = None
    result: Any = not decisive
    for operand in operands:
        try:
            value = operator("bool", meaning(operand, given, lets))
        except WrongError as error:
            wrong = error
            continue
        if value is decisive:
            return decisive
        result = FAULT if value is FAULT else result
    if wrong is not None:
        raise wrong
    return result
