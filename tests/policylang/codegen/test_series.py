import ast

from policylang.codegen import pyast as py
from policylang.codegen.exprs import CONST, IDENTITY, REQUEST, TOKEN
from policylang.codegen.series import Member, series
from policylang.codegen.writer import Writer
from tests.policylang.codegen.test_writer import cell, source


def member(name: str, stage: int) -> Member:
    return Member(stage, lambda _: py.name(name), at=-1)


def combine(_: Writer, elements: list[tuple[ast.expr, bool]]) -> ast.expr:
    return py.pack(*(py.spread(value) if several else value for value, several in elements))


def test_neighbours_of_earlier_stages_are_made_there_together() -> None:
    shared = cell()
    stages = {"a": CONST, "b": TOKEN, "c": REQUEST, "d": IDENTITY, "e": TOKEN}
    item = series("s", [member(name, stage) for name, stage in stages.items()], combine)
    assert item.stage == REQUEST
    late = Writer(REQUEST, shared)
    late.use(item)
    assert source(late) == "v1 = (*token[0], c, *identity[0])"
    middle = Writer(IDENTITY, shared)
    middle.use(shared.slots[IDENTITY].items[0])
    assert source(middle) == "v1 = (d, *token[1])"
    early = Writer(TOKEN, shared)
    for kept in shared.slots[TOKEN].items:
        early.use(kept)
    assert source(early) == "v1 = (a, b)\nv2 = (e,)"


def test_nothing_is_a_constant() -> None:
    assert series("s", [], combine).stage == CONST
