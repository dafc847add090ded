import ast

import pytest

from policylang.codegen import pyast as py


def test_constructors_write_what_they_say() -> None:
    x = py.name("x")
    cases = {
        "f(x, 1)": py.call("f", x, py.const(1)),
        "x.a": py.attribute(x, "a"),
        "x[1]": py.nth("x", 1),
        "(x,)": py.pack(x),
        "()": py.pack(),
        "x is None": py.is_none(x),
        "x is not None": py.is_not_none(x),
        "not x": py.negated(x),
        "x and x": py.all_of([x, x]),
        "x": py.all_of([x]),
        "1 if x else None": py.choose(x, py.const(1), py.none()),
        "x + 1": py.binary(x, ast.Add(), py.const(1)),
        "(t := x)": py.named("t", x),
        "(*x,)": py.pack(py.spread(x)),
    }
    for text, node in cases.items():
        assert ast.unparse(node) == text


def test_only_simple_nodes_stand_twice() -> None:
    slot = py.nth("token", 3)
    assert py.is_simple(slot)
    assert py.again(slot) is not slot
    assert ast.dump(py.again(slot)) == ast.dump(slot)
    assert not py.is_simple(py.call("f"))
    with pytest.raises(TypeError):
        py.again(py.call("f"))
