"""Short constructors for the ``ast`` nodes that stages are made of. Places are given later, to whole statements."""

import ast
from typing import Any


def name(identifier: str) -> ast.Name:
    """A local or global, read."""
    return ast.Name(identifier, ast.Load())


def const(value: Any) -> ast.Constant:
    """None, a boolean, an integer, text, bytes, or a frozenset or tuple of these."""
    return ast.Constant(value)


def none() -> ast.Constant:
    """None: a fault, or absence."""
    return const(None)


def call(function: str | ast.expr, *args: ast.expr) -> ast.Call:
    """A call with positional arguments."""
    return ast.Call(name(function) if isinstance(function, str) else function, list(args), [])


def attribute(value: ast.expr, attr: str) -> ast.Attribute:
    """``value.attr``"""
    return ast.Attribute(value, attr, ast.Load())


def item(value: ast.expr, key: ast.expr) -> ast.Subscript:
    """``value[key]``"""
    return ast.Subscript(value, key, ast.Load())


def nth(tuple_name: str, index: int) -> ast.Subscript:
    """``tuple_name[index]``"""
    return item(name(tuple_name), const(index))


def pack(*elements: ast.expr) -> ast.expr:
    """A tuple."""
    return ast.Tuple(list(elements), ast.Load()) if elements else const(())


def spread(value: ast.expr) -> ast.Starred:
    """``*value``"""
    return ast.Starred(value, ast.Load())


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.Compare:
    """``left operator right``"""
    return ast.Compare(left, [operator], [right])


def is_none(value: ast.expr) -> ast.Compare:
    """``value is None``"""
    return compare(value, ast.Is(), none())


def is_not_none(value: ast.expr) -> ast.Compare:
    """``value is not None``"""
    return compare(value, ast.IsNot(), none())


def negated(value: ast.expr) -> ast.UnaryOp:
    """``not value``"""
    return ast.UnaryOp(ast.Not(), value)


def all_of(values: list[ast.expr]) -> ast.expr:
    """``a and b and …``"""
    return values[0] if len(values) == 1 else ast.BoolOp(ast.And(), values)


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.IfExp:
    """``then if test else otherwise``"""
    return ast.IfExp(test, then, otherwise)


def binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.BinOp:
    """``left operator right``"""
    return ast.BinOp(left, operator, right)


def named(identifier: str, value: ast.expr) -> ast.NamedExpr:
    """``(identifier := value)``"""
    return ast.NamedExpr(ast.Name(identifier, ast.Store()), value)


def assign(identifier: str, value: ast.expr) -> ast.Assign:
    """``identifier = value``"""
    return ast.Assign([ast.Name(identifier, ast.Store())], value)


def when(test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt] | None = None) -> ast.If:
    """``if test: body else: orelse``"""
    return ast.If(test, body, orelse or [])


def is_simple(node: ast.expr) -> bool:
    """Whether reading the node twice costs no more than keeping its value."""
    return isinstance(node, ast.Name | ast.Constant) or (isinstance(node, ast.Subscript) and is_simple(node.value))


def again(node: ast.expr) -> ast.expr:
    """A second copy of a simple node: one node cannot stand in two places."""
    match node:
        case ast.Name(identifier):
            return name(identifier)
        case ast.Constant(value):
            return const(value)
        case ast.Subscript(value, key):
            return item(again(value), again(key))
        case _:
            raise TypeError(f"not a simple node: {type(node).__name__}")
