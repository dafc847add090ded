"""Columns against jsonschema: for any schema made of the keywords that plans use, and any values, the same are bad."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policylang.plan.schema import Walk
from policylang.plan.schema_columns import Columns
from policylang.plan.schema_files import load_schema
from tests.strategies.profile import examples

DEFINITIONS = {
    "small": {"type": "integer", "minimum": 0, "maximum": 2},
    "name": {"type": "string", "pattern": "^[ab]+$", "description": "A name."},
    "tree": {"type": "array", "prefixItems": [{"$ref": "#/$defs/name"}], "items": {"$ref": "#/$defs/tree"}},
    "same": {"$ref": "#/$defs/small", "description": "By another name."},
}
ROOT = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": DEFINITIONS}

scalars = st.sampled_from([None, True, False, 0, 1, 2, 3, -1, 0.5, 2**63, "", "a", "b", "ab", "c"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
counts = st.integers(0, 3)
TYPES = ("null", "boolean", "integer", "string", "array", "object")


def parts(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas over ``inner`` ones, one strategy for each keyword that the schema of plans has."""
    several = st.lists(inner, min_size=1, max_size=3)
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "$ref": st.sampled_from([f"#/$defs/{name}" for name in DEFINITIONS]),
        "additionalProperties": st.just(False) | inner,
        "allOf": several,
        "anyOf": several,
        "const": values,
        "contains": inner,
        "description": st.just("Prose."),
        "else": inner,
        "enum": st.lists(values, min_size=1, max_size=3),
        "if": inner,
        "items": st.just(False) | inner,
        "maxContains": counts,
        "maxItems": counts,
        "maximum": counts,
        "minContains": counts,
        "minItems": counts,
        "minLength": counts,
        "minimum": counts,
        "oneOf": several,
        "pattern": st.sampled_from(["^a", "b$", "^[ab]*$"]),
        "prefixItems": several,
        "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        "required": st.lists(st.sampled_from("abc"), unique=True),
        "then": inner,
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True),
        "uniqueItems": st.booleans(),
    }
    assert keywords.keys() >= used(load_schema("plan.v1")) - {"$schema", "$id", "$defs", "title"}
    return st.lists(st.sampled_from(sorted(keywords)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
    )


def used(schema: Any) -> set[str]:
    """The keywords of a schema and of those within it."""
    if not isinstance(schema, dict):
        return set()
    named = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    single = [schema.get(name) for name in ("items", "contains", "if", "then", "else", "additionalProperties")]
    listed = [each for name in ("allOf", "anyOf", "oneOf", "prefixItems") for each in schema.get(name, ())]
    return set(schema).union(*(used(inner) for inner in (*named, *single, *listed)))


schemas = st.recursive(st.booleans() | parts(st.booleans()), parts, max_leaves=6)
PLAIN = Draft202012Validator(ROOT)


def columns() -> Columns:
    return Columns(ROOT, Walk(ROOT))


def refused(column: list[Any], schema: Any) -> set[int]:
    """What jsonschema says, value by value."""
    alone = PLAIN.evolve(schema=schema)
    return {i for i, value in enumerate(column) if not alone.is_valid(value)}


@given(st.lists(values, max_size=8), schemas)
@examples(300)
def test_columns_judge_as_jsonschema_does(column: list[Any], schema: Any) -> None:
    bad = refused(column, schema)
    assert columns().bad(column, schema) == bad
    assert [i for i, value in enumerate(column) if not columns().sound(value, schema)] == sorted(bad)
    assert columns().sound(column, {"items": schema}) is (not bad)


@pytest.mark.parametrize(
    ("schema", "column", "bad"),
    [
        (True, [1, "a"], set()),
        (False, [1, "a"], {0, 1}),
        (False, [], set()),
        ({"const": 1}, [1, True, 1, "1"], {1, 3}),
        ({"enum": [[1], {"a": True}]}, [[1], [True], {"a": True}, {"a": 1}], {1, 3}),
        ({"type": "integer"}, [1, 1.5, True], {1, 2}),
        ({"minimum": 1, "maximum": 2}, [0, 1, 2, 3, "0", None], {0, 3}),
        ({"minimum": 1, "maximum": 2}, [3, 0, 3, 1], {0, 1, 2}),
        ({"items": False}, [[], [1]], {1}),
        ({"prefixItems": [True, {"const": 1}], "items": {"const": 2}}, [[], [0], [0, 1], [0, 0], [0, 1, 2], [0, 1, 1]], {3, 5}),
        ({"$ref": "#/$defs/tree"}, [["a"], ["a", ["b", ["c"]]], ["a", ["b"], []], [1]], {1, 3}),
        ({"$ref": "#/$defs/small", "const": 1}, [0, 1], {0}),
        ({"contains": {"const": 1}, "minContains": 0, "maxContains": 1}, [[], [1, 0], [1, 1]], {2}),
        ({"contains": {"const": 1}}, [[], [0], [0, 1], {}], {0, 1}),
        ({"oneOf": [{"minimum": 1}, {"maximum": 1}]}, [0, 1, 2], {1}),
        ({"if": {"const": 1}, "then": False}, [0, 1], {1}),
        ({"if": {"const": 1}, "else": False}, [0, 1], {0}),
        ({"additionalProperties": {"const": 1}, "properties": {"a": True}}, [{"a": 0}, {"b": 1}, {"b": 0}], {2}),
        ({"unevaluatedProperties": False, "properties": {"a": True}}, [{"a": 0}, {"b": 1}], {1}),
    ],
)  # fmt: skip
def test_the_rows_that_are_bad(schema: Any, column: list[Any], bad: set[int]) -> None:
    assert columns().bad(column, schema) == bad == refused(column, schema)
    assert columns().sound(column, {"items": schema}) is (not bad)


def test_no_float_is_an_integer() -> None:
    """Unlike in JSON Schema: no plan has 1.0, and 1 beside it is another value."""
    assert columns().bad([1, 1.0, 1], {"type": "integer"}) == {1}
    assert columns().bad([1.0, 1.0], {"type": "integer"}) == {0, 1}


def test_values_alike_are_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def pattern(_asked: Any, _value: Any, instance: Any, _schema: Any) -> None:
        asked.append(instance)

    monkeypatch.setitem(Draft202012Validator.VALIDATORS, "pattern", pattern)
    assert columns().bad(["a", "b"] * 50, {"pattern": "^a"}) == set()
    assert columns().sound(["a", "b"] * 50, {"items": {"pattern": "^a"}})
    assert sorted(asked) == ["a", "a", "b", "b"]


def test_no_nest_is_too_deep() -> None:
    nest: list[Any] = ["a"]
    for _ in range(5_000):
        nest = ["a", nest]
    assert columns().sound(nest, {"$ref": "#/$defs/tree"})
    nest[1][1][1].insert(0, 1)
    assert not columns().sound(nest, {"$ref": "#/$defs/tree"})
