"""What an expression is, without its places and types: equal shapes have equal values in every request."""

from policylang.check import model

Shape = tuple[object, ...]


def shape(expr: model.TypedExpr) -> Shape:
    """The identity of an expression's meaning; sides of symmetrical operators in a fixed order.

    ``>``, ``>=`` and ``<=`` of values are told by ``<``, so that ``a < b`` and ``b > a`` are one shape.
    """
    match expr:
        case model.Lit(value=value):
            return "lit", type(value).__name__, value
        case model.Ref(root=root, name=name):
            return "ref", root, name
        case model.Coalesce(ref=ref, default=default):
            return "??", shape(ref), shape(default)
        case model.Arith(op=op, left=left, right=right):
            return op, shape(left), shape(right)
        case model.Not(operand=operand):
            return "not", shape(operand)
        case model.And(operands=operands) | model.Or(operands=operands):
            word = "and" if isinstance(expr, model.And) else "or"
            return word, frozenset(shape(operand) for operand in operands)
        case model.Compare():
            return _comparison(expr)
        case model.In(item=item, container=container):
            return "in", shape(item), shape(container)
        case model.Meets(items=items, container=container, every=every):
            return "meets", every, shape(items), shape(container)
        case model.Present(ref=ref):
            return "present", shape(ref)
        case model.Older(ref=ref, micros=micros):
            return "older", shape(ref), micros
        case model.TextTest(op=op, subject=subject, pattern=pattern):
            return op, shape(subject), pattern
        case model.IssuerIs(issuer=issuer):
            return "issuer", issuer


def _comparison(expr: model.Compare) -> Shape:
    left, right = shape(expr.left), shape(expr.right)
    match expr.op:
        case "==":
            return "==", frozenset({left, right})
        case "!=":
            return "not", ("==", frozenset({left, right}))
        case "<":
            return "<", left, right
        case ">":
            return "<", right, left
        case ">=":
            return "not", ("<", left, right)
        case "<=":
            return "not", ("<", right, left)
