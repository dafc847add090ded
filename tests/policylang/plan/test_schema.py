"""The schema against the codec: what one refuses in a value's shape, the other refuses too."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policylang.plan import codec, operators, shapes, terms
from policylang.plan.layout import MEMBERS
from policylang.plan.refused import PlanRefused
from policylang.plan.schema import Walk, complaints, validate
from policylang.plan.schema_columns import Columns
from policylang.plan.schema_files import load_schema
from tests.policylang.plan.test_expressions import BAD as BAD_EXPRESSIONS
from tests.policylang.plan.test_operators import SAMPLES
from tests.policylang.plan.test_terms import BAD as BAD_TERMS
from tests.policylang.plan.test_terms import GOOD as GOOD_TERMS
from tests.strategies.documents import loaded
from tests.strategies.modules import everything, planned
from tests.strategies.profile import examples

SCHEMA = load_schema("plan.v1")
DEFS = SCHEMA["$defs"]
PLAN = planned(everything())
DOCUMENT = codec.encode(PLAN)


def sound(instance: Any, schema: Any) -> bool:
    """As the walk and the columns say, which agree."""
    value, walk = json.loads(json.dumps(instance)), Walk(SCHEMA)
    found = next(iter(walk.descend(value, schema)), None) is None
    assert Columns(SCHEMA, walk).sound(value, schema) is found
    return found


def test_it_is_a_schema_and_this_plan_is_good() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validate(DOCUMENT)
    assert complaints(DOCUMENT) == ()
    assert list(Draft202012Validator(SCHEMA).iter_errors(loaded(DOCUMENT))) == []


def test_it_speaks_of_the_same_members_operators_and_words() -> None:
    assert tuple(SCHEMA["required"]) == MEMBERS
    assert set(SCHEMA["properties"]) == set(MEMBERS)
    assert set(DEFS["issuer"]["properties"]["algorithms"]["items"]["enum"]) == set(shapes.ALGORITHMS)
    assert set(DEFS["literal"]["prefixItems"][1]["enum"]) == set(operators.LITERALS)
    assert set(DEFS["reference"]["prefixItems"][0]["enum"]) == set(operators.REFERENCES)
    assert set(DEFS["captureType"]["prefixItems"][0]["enum"]) == set(terms.CAPTURES)


def objects(schema: Any) -> Any:
    """Every part of the schema that describes an object."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "required" in schema:
            yield schema
        for inner in schema.values():
            yield from objects(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


def test_every_object_is_closed_and_all_members_are_required() -> None:
    found = list(objects(SCHEMA))
    assert len(found) > 20
    for schema in found:
        assert schema["additionalProperties"] is False
        assert sorted(schema["properties"]) == sorted(schema["required"])


@pytest.mark.parametrize("op", operators.OPERATORS)
def test_every_operator_is_known_with_its_operands(op: str) -> None:
    expr = list(SAMPLES[op][0])
    assert sound(expr, DEFS["expr"])
    assert not sound([*expr, {}], DEFS["expr"])
    if op != "grants":
        assert not sound(expr[:1], DEFS["expr"])


@pytest.mark.parametrize(("expr", "_"), BAD_EXPRESSIONS)
def test_what_is_no_expression(expr: Any, _: str) -> None:
    unsorted = expr == ["lit", "set", ["b", "a"]]  # order is not a schema's to say
    assert sound(expr, DEFS["expr"]) is unsorted


@pytest.mark.parametrize("raw", [raw for raw, _ in GOOD_TERMS])
def test_types(raw: Any) -> None:
    assert sound(raw, DEFS["type"])


@pytest.mark.parametrize("raw", BAD_TERMS)
def test_what_is_no_type(raw: Any) -> None:
    beyond = raw in (["text", 2, 1], ["enum", "b", "a"])  # comparisons between values are not a schema's to make
    assert sound(raw, DEFS["type"]) is beyond


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("/format", "policylang.plan/2", "/format"),
        ("/language", True, "/language"),
        ("/rules/0/effect", "permit", "/rules/0/effect"),
        ("/rules/0/until", 1.5, "/rules/0/until"),
        ("/rules/1/condition/at", [], "/rules/1/condition/at"),
        ("/rules/1/condition/expr/1/1", "==", "/rules/1/condition/expr/1/1"),
        ("/positions/3", [0, 0, 1, 1, 1], "/positions/3/1"),
        ("/positions/3", [0, 1, 1, 1, 1, 1], "/positions/3"),
        ("/routes/1/patterns/0/segments/0/type", ["slug"], "/routes/1/patterns/0/segments/0/type"),
        ("/routes/1/rules", [1, 1], "/routes/1/rules"),
        ("/issuers/0/algorithms/0", "none", "/issuers/0/algorithms/0"),
        ("/policies/0/quota/micros", 5, "/policies/0/quota/micros"),
        ("/limits/0/extra", 1, "/limits/0"),
        ("/extra", 1, ""),
    ],
)
def test_refusals_point_to_the_place(path: str, value: Any, where: str) -> None:
    values = loaded(DOCUMENT)
    *steps, last = [int(step) if step.isdigit() else step for step in path.strip("/").split("/")]
    here: Any = values
    for step in steps:
        here = here[step]
    here[last] = value
    with pytest.raises(PlanRefused) as refused:
        validate(json.dumps(values).encode())
    nullable = refused.value.where.rsplit("/until", 1)[0] if "until" in path else ""
    assert (
        refused.value.where == where
        or refused.value.where == nullable + "/until"
        or where.startswith(refused.value.where)
    )
    assert complaints(json.dumps(values).encode())[0] == str(refused.value)


@pytest.mark.parametrize(
    "document", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"null", b'{"format":"policylang.plan/1"}']
)
def test_other_documents_are_refused(document: bytes) -> None:
    with pytest.raises(PlanRefused):
        validate(document)
    assert 1 <= len(complaints(document)) <= 20


def test_what_was_found_good_once_is_not_taken_for_its_equal() -> None:
    """True equals 1 in Python and is another value in JSON."""
    walk = Walk(SCHEMA)
    good, bad = ["lit", "bool", True], ["lit", "bool", 1]
    assert next(iter(walk.descend(good, DEFS["expr"])), None) is None
    assert next(iter(walk.descend(good, DEFS["expr"])), None) is None
    assert next(iter(walk.descend(bad, DEFS["expr"])), None) is not None
    assert next(iter(walk.descend(bad, DEFS["expr"])), None) is not None


def test_what_the_columns_refuse_is_refused_even_where_the_walk_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Columns, "sound", lambda *_: False)
    with pytest.raises(PlanRefused, match="breaks the schema"):
        validate(DOCUMENT)


def test_the_deepest_condition_of_a_plan_is_judged() -> None:
    deepest: Any = ["claim", "a"]
    for _ in range(operators.MAX_DEPTH - 1):
        deepest = ["not", deepest]
    values = loaded(DOCUMENT)
    values["rules"][1]["condition"]["expr"] = deepest
    validate(json.dumps(values).encode())


@given(st.data())
@examples(60)
def test_the_walk_judges_as_jsonschema_does(data: st.DataObject) -> None:
    """On small changes of a good plan the shortened way, the columns and the plain validator agree, to the place."""
    values = copy.deepcopy(SMALL)
    here: Any = values
    while True:
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else list(range(len(here)))))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.integers(0, 4)) == 0:
            break
        here = here[key]
    if data.draw(st.booleans()):
        here.pop(key)
    else:
        here[key] = data.draw(
            st.sampled_from([None, True, 0, -1, "", "a", [], ["claim", "a"], {}, [1], 2**63, ["lit", "int", True]])
        )
    plain = {str(list(error.path)) for error in Draft202012Validator(SCHEMA).iter_errors(values)}
    walk = Walk(SCHEMA)
    assert {str(list(error.path)) for error in walk.descend(values, SCHEMA)} == plain
    assert Columns(SCHEMA, walk).sound(values, SCHEMA) is (not plain)
    assert Columns(SCHEMA, walk).bad([SMALL, values, SMALL], SCHEMA) == ({1} if plain else set())


SMALL = {
    **{name: value for name, value in loaded(DOCUMENT).items() if name not in ("positions", "routes", "rules")},
    "positions": [[0, 1, 1, 1, 2]],
    "routes": loaded(DOCUMENT)["routes"][:1],
    "rules": loaded(DOCUMENT)["rules"][1:4],
}
