"""A traceback names the rule that was being evaluated, with its file and line."""

import ast
import gc
import linecache
import traceback
from dataclasses import replace

import pytest

from policylang.codegen.assemble import cell_name, source_steps
from policylang.codegen.compiled import CompiledPlan
from policylang.codegen.source_map import Listing, compile_function, listing, register, unregister
from policylang.codegen.source_map import number as number_lines
from policylang.plan.model import Position, Rate, SourceFile
from policylang.plan.steps import run
from policylang.runtime.policies import Policies
from tests.policylang.codegen.small_plans import (
    PATH_NUMBER,
    REQUEST,
    SUB,
    Build,
    claims_of,
    eq,
    number,
    text,
    with_request,
)  # fmt: skip

NAME = "<policylang r GET corp>"


class Bomb(str):
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("inside a rule")


def frames(error: BaseException) -> list[traceback.FrameSummary]:
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("<policylang ")]


def build() -> Build:
    made = Build().rule("allow", "open").rule("deny", "early", eq(SUB, text("x")))
    return made.rule("deny", "late", eq(PATH_NUMBER, number(9)))


def test_a_traceback_names_the_rule_of_the_token_stage() -> None:
    cell = CompiledPlan(build().plan(), {}).cell(0, "GET", 0)
    with pytest.raises(RuntimeError) as raised:
        cell.token_facts(claims_of(sub=Bomb()), b"", 0)
    (frame,) = frames(raised.value)
    assert (frame.filename, frame.name) == (NAME, "token_facts")
    assert (frame.line or "").endswith("# deny early, rules/r.rules:3")
    assert "_k" not in (frame.line or "")


def test_a_traceback_names_the_rule_of_the_request_stage() -> None:
    cell = CompiledPlan(build().plan(), {}).cell(0, "GET", 0)
    facts = cell.token_facts(claims_of(), b"", 0)
    with pytest.raises(RuntimeError) as raised:
        cell.decide(facts.slots, (), with_request(captures=(Bomb(), "acme")))
    (frame,) = frames(raised.value)
    assert frame.name == "decide"
    assert (frame.line or "").endswith("# deny late, rules/r.rules:4")
    assert "".join(traceback.format_exception(raised.value)).count("rules/r.rules:4") == 1


def test_every_line_of_the_listing_is_the_statement_that_has_its_number() -> None:
    plan = build().header("X-U", SUB).limit("l", "identity", Rate(1, 1, 1)).plan()
    source = run(source_steps(plan, {}, Policies(plan.policies), (0, "GET", 0)))
    lines = listing(source.functions, source.places, plan)
    following = 1
    for function in source.functions:
        code, after = compile_function(function, NAME), number_lines(function, following)
        for constant in code.co_consts:
            if hasattr(constant, "co_lines"):
                numbers = {line for _, _, line in constant.co_lines() if line is not None}
                assert numbers <= set(range(following, after))
        assert lines[following - 1].startswith(f"def {function.name}(")
        following = after
    assert len(lines) == following - 1
    assert [line for line in lines if "rules/r.rules:3" in line]
    whole = "".join(lines).replace("else: ", "if True: ")
    ast.parse(whole.replace("if True: if", "if"))


def test_listings_go_with_their_cells_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        compiled = CompiledPlan(build().plan(), {})
        compiled.cell(0, "GET", 0)
        assert linecache.getline(NAME, 1).startswith("def token_facts(")
        linecache.checkcache(NAME)
        assert NAME in linecache.cache
        newer = CompiledPlan(build().plan(), {})
        kept = newer.cell(0, "GET", 0)
        del compiled
        assert linecache.getline(NAME, 1).startswith("def token_facts("), "the newer plan has taken the name"
        del newer
        assert NAME in linecache.cache
        del kept
        assert NAME not in linecache.cache
    finally:
        gc.enable()


def test_no_secret_and_no_text_of_a_secret_header_is_in_a_listing() -> None:
    made = build().header("X-Key", secret="hush").header("X-U", SUB)
    made.secrets = ("hush",)
    compiled = CompiledPlan(made.plan(), {"hush": "s3cret-value"})
    cell = compiled.cell(0, "GET", 0)
    assert "s3cret-value" not in "".join(linecache.getlines(NAME))
    assert "s3cret-value" not in repr(cell) + repr(compiled)


def test_a_path_that_could_forge_a_line_is_escaped() -> None:
    plan = build().plan()
    source = run(source_steps(plan, {}, Policies(()), (0, "GET", 0)))
    forged = replace(plan, files=(SourceFile("rules/a\nb\x1b[31m.rules", "0" * 64),))
    lines = listing(source.functions, source.places, forged)
    assert all(line.count("\n") == 1 and "\x1b" not in line for line in lines)
    assert any("rules/a\\nb\\x1b[31m.rules:3" in line for line in lines)


def test_names_of_cells() -> None:
    plan = build().plan()
    assert cell_name(plan, 0, "GET", 0) == NAME
    assert cell_name(plan, 0, "POST", None) == "<policylang r POST anonymous>"


def test_registering_and_unregistering() -> None:
    mine, other = Listing(lambda: ["a\n", "b\n"]), Listing(lambda: ["c\n"])
    register("<policylang test>", mine)
    assert linecache.getlines("<policylang test>")[0:1] == ["a\n"]
    assert (len(mine), mine[1]) == (2, "b\n")
    unregister("<policylang test>", other)
    assert linecache.getline("<policylang test>", 2) == "b\n"
    unregister("<policylang test>", mine)
    assert linecache.getline("<policylang test>", 2) == ""
    unregister("<policylang test>", mine)


def test_decisions_of_a_listed_cell() -> None:
    cell = CompiledPlan(build().plan(), {}).cell(0, "GET", 0)
    facts = cell.token_facts(claims_of(), b"", 0)
    assert cell.decide(facts.slots, (), REQUEST).kind == "allow"


def test_a_statement_without_a_place_has_that_of_the_statement_around_it() -> None:
    """And one without any is shown bare; the first declaration of a file is a place like the others."""
    plan = replace(build().plan(), positions=(Position(0, 9, 1, 9, 2), Position(0, 5, 1, 5, 2)))
    (function,) = ast.parse(
        "def f(a, b):\n if a:\n  x = 1\n  while b:\n   break\n else:\n  x = 2\n  y = 3\n z = 4"
    ).body
    assert isinstance(function, ast.FunctionDef)
    test, last = function.body
    assert isinstance(test, ast.If)
    lines = listing([function], {test: 1, test.orelse[1]: 0, last: -1}, plan)
    assert [line.partition("#")[0].rstrip() for line in lines] == [
        "def f(a, b):", "    if a:", "        x = 1", "        while b:", "            break",
        "        else: x = 2", "        y = 3", "    z = 4",
    ]  # fmt: skip
    at = [line.rpartition(":")[2].strip() if "#" in line else "" for line in lines]
    assert at == ["", "5", "5", "5", "5", "5", "9", ""]
