"""All combinations of up to four operands, against the definition of strong Kleene."""

import ast
from itertools import count, product
from typing import Literal

import pytest

from policylang.codegen.junction import join

VALUES = (True, False, None)


def kleene(op: str, values: tuple[bool | None, ...]) -> bool | None:
    decisive = op == "or"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


@pytest.mark.parametrize("op", ["and", "or"])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_combination(op: Literal["and", "or"], size: int) -> None:
    for certain in product((True, False), repeat=size):
        number = count()
        operands = [(ast.parse(f"f({i})", mode="eval").body, not sure) for i, sure in enumerate(certain)]
        written = join(op, operands, lambda n=number: f"t{next(n)}")  # type: ignore[misc]
        code = compile(ast.fix_missing_locations(ast.Expression(written)), "<join>", "eval")
        for values in product(VALUES, repeat=size):
            if any(value is None and sure for value, sure in zip(values, certain, strict=True)):
                continue
            asked: list[int] = []

            def f(i: int, values: tuple[bool | None, ...] = values, asked: list[int] = asked) -> bool | None:
                asked.append(i)
                return values[i]

            assert eval(code, {"f": f}) is kleene(op, values)
            assert asked == list(range(len(asked))), "in order, each at most once"


def test_depth_grows_slowly() -> None:
    operands: list[tuple[ast.expr, bool]] = [(ast.Name(f"x{i}", ast.Load()), True) for i in range(1024)]
    written = join("and", operands, lambda: "t")

    def depth(node: ast.AST) -> int:
        return 1 + max((depth(child) for child in ast.iter_child_nodes(node)), default=0)

    assert depth(written) < 60
