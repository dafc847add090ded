import ast

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.exprs import CONST, IDENTITY, REQUEST, TOKEN
from policylang.codegen.writer import Cellwide, Constants, Item, Layout, Writer


def cell() -> Cellwide:
    nothing = Item("selected", TOKEN, lambda _: py.none())
    return Cellwide(Analysis(frozenset()), Layout({}, {}, {}), Constants({"given": 1}), nothing)


def made(stage: int, key: str = "x") -> Item:
    return Item(key, stage, lambda _: py.call("f", py.name(key)), at=7)


def source(writer: Writer) -> str:
    return "\n".join(ast.unparse(ast.fix_missing_locations(statement)) for statement in writer.body)


def test_an_item_of_an_earlier_stage_is_a_slot_and_equal_keys_are_one() -> None:
    shared = cell()
    late = Writer(REQUEST, shared)
    texts = [ast.unparse(late.use(made(stage, key))) for stage, key in ((TOKEN, "a"), (TOKEN, "b"), (TOKEN, "a"))]
    assert texts == ["token[0]", "token[1]", "token[0]"]
    assert ast.unparse(late.use(made(IDENTITY))) == "identity[0]"
    assert [item.key for item in shared.slots[TOKEN].items] == ["a", "b"]
    assert late.body == []


def test_an_item_of_the_same_stage_is_computed_once() -> None:
    writer = Writer(TOKEN, cell())
    assert ast.unparse(writer.use(made(TOKEN))) == ast.unparse(writer.use(made(TOKEN))) == "v1"
    assert source(writer) == "v1 = f(x)"
    assert writer.places[writer.body[0]] == 7


def test_a_constant_is_written_where_it_is_used() -> None:
    writer = Writer(REQUEST, cell())
    assert ast.unparse(writer.use(Item("k", CONST, lambda _: py.const(b"")))) == "b''"
    assert writer.cell.slots[TOKEN].items == []


def test_locals_of_a_nested_block_are_not_known_after_it() -> None:
    writer = Writer(TOKEN, cell())
    with writer.nested() as body:
        writer.use(made(TOKEN))
    writer.add(py.when(py.name("c"), body))
    writer.use(made(TOKEN))
    assert source(writer) == "if c:\n    v1 = f(x)\nv2 = f(x)"


def test_constants_are_bound_under_names_of_their_own() -> None:
    shared = cell()
    assert shared.bind_once("k", lambda: "text").id == shared.bind_once("k", lambda: "other").id == "_k0"
    assert shared.constants.bind("more").id == "_k1"
    assert shared.constants.globals == {"given": 1, "_k0": "text", "_k1": "more"}
