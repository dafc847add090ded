"""Expressions, in three values: one small recursive function, as the language reference's evaluation table reads."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from policylang.check import model
from policylang.reference.values import ABSENT, FAULT, Facts, Mark, Result, StuckError, Truth
from policylang.typesys.terms import Cidr, Ip, SetOf


def truth(expr: model.TypedExpr, facts: Facts) -> Truth:
    """The value of a condition."""
    value = evaluate(expr, facts)
    if value is FAULT or isinstance(value, bool):
        return value
    raise StuckError(f"a condition gave {value!r}")


def reference(ref: model.Ref, facts: Facts) -> Result:
    """What a reference names: a value, ABSENT or FAULT."""
    match ref.root:
        case "claims":
            return facts.claims.get(ref.name, ABSENT)
        case "metadata":
            return FAULT if isinstance(facts.metadata, Mark) else facts.metadata[ref.name]
        case "path":
            return facts.captures[ref.name]
        case "policy":
            return facts.grants
        case "client":
            return facts.client_ip
        case "peer":
            return facts.peer_ip
        case "header":
            return facts.headers.get(ref.name, ABSENT)


def evaluate(expr: model.TypedExpr, facts: Facts) -> Result:
    """Any expression's value; operands from left to right, ending early only where the value is then certain."""
    value = _value(expr, facts)
    if facts.tracer is not None:
        facts.tracer.saw(expr, value)
    return value


def _value(expr: model.TypedExpr, facts: Facts) -> Result:
    match expr:
        case model.Lit():
            return expr.value
        case model.Ref():
            return reference(expr, facts)
        case model.Not():
            held = truth(expr.operand, facts)
            return held if held is FAULT else not held
        case model.And():
            return _until(False, expr.operands, facts)
        case model.Or():
            return _until(True, expr.operands, facts)
        case model.Present():
            value = reference(expr.ref, facts)
            return FAULT if value is FAULT else value is not ABSENT
        case model.Coalesce():
            value = reference(expr.ref, facts)
            return evaluate(expr.default, facts) if value is ABSENT else value
        case model.IssuerIs():
            return facts.issuer == expr.issuer
        case model.Older():
            value = reference(expr.ref, facts)
            return FAULT if value is FAULT else facts.now - _int(value) * 1_000_000 > expr.micros
        case model.TextTest():
            value = evaluate(expr.subject, facts)
            return FAULT if value is FAULT else _text_test(expr.op, _text(value), expr.pattern)
        case model.Compare() | model.Arith() | model.In() | model.Meets():
            return _binary(expr, facts)


def _until(decisive: bool, operands: tuple[model.TypedExpr, ...], facts: Facts) -> Truth:
    result: Truth = not decisive
    for operand in operands:
        value = truth(operand, facts)
        if value is decisive:
            return decisive
        if value is FAULT:
            result = FAULT
    return result


def _binary(expr: model.Compare | model.Arith | model.In | model.Meets, facts: Facts) -> Result:
    first, second = (
        (expr.left, expr.right) if isinstance(expr, model.Compare | model.Arith)
        else (expr.item if isinstance(expr, model.In) else expr.items, expr.container)
    )  # fmt: skip
    left, right = evaluate(first, facts), evaluate(second, facts)
    if left is FAULT or right is FAULT:
        return FAULT
    match expr:
        case model.Compare():
            return _compare(expr.op, left, right)
        case model.Arith():
            return _int(left) + _int(right) if expr.op == "+" else _int(left) - _int(right)
        case model.Meets():
            return _set(left) <= _set(right) if expr.every else bool(_set(left) & _set(right))
        case model.In():
            if isinstance(first.type, Ip | Cidr) and second.type == SetOf(Cidr()):
                return any(within(_text(left), network) for network in _set(right))
            return _text(left) in _set(right)


def _compare(op: str, left: Result, right: Result) -> bool:
    if type(left) is not type(right) or left is ABSENT:
        raise StuckError(f"{left!r} {op} {right!r}")
    if op in {"==", "!="}:
        return (left == right) is (op == "==")
    if isinstance(left, str) and isinstance(right, str):
        order = (left > right) - (left < right)
    else:
        order = (_int(left) > _int(right)) - (_int(left) < _int(right))
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]


def _text_test(op: str, text: str, pattern: str) -> bool:
    match op:
        case "starts":
            return text[: len(pattern)] == pattern
        case "ends":
            return len(text) >= len(pattern) and text[len(text) - len(pattern) :] == pattern
        case _:
            return glob(pattern, text)


def glob(pattern: str, text: str) -> bool:
    """``*`` is any run of characters, ``?`` exactly one, anything else itself."""
    reached = {0}  # how much of the text the pattern so far can have used
    for character in pattern:
        if character == "*":
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        else:
            reached = {i + 1 for i in reached if i < len(text) and (character in {"?", text[i]})}
    return len(text) in reached


def within(item: str, network: str) -> bool:
    """Whether an address or a network lies in a network of its own IP version."""
    outer = ip_network(network)
    inner: IPv4Network | IPv6Network = ip_network(item) if "/" in item else _host_network(ip_address(item))
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def _host_network(address: IPv4Address | IPv6Address) -> IPv4Network | IPv6Network:
    return ip_network(f"{address}/{address.max_prefixlen}")


def _int(value: Result) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise StuckError(f"{value!r} is no integer")


def _text(value: Result) -> str:
    if isinstance(value, str):
        return value
    raise StuckError(f"{value!r} is no text")


def _set(value: Result) -> frozenset[str]:
    if isinstance(value, frozenset):
        return value
    raise StuckError(f"{value!r} is no set")
