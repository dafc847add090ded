import json

from jsonschema import Draft202012Validator

from policylang.coverage.to_json import to_json
from policylang.plan.schema_files import load_schema
from tests.policylang.coverage.measured import ROUTES, measured

RULES = 'allow z on both, solo always\ndeny d on solo when claims.plan == "gold"\n'
TEST = 'test "free" { token corp { sub: "u" }  request GET "/solo"  repeat 2  expect allow }\n'


def test_every_goal_with_its_place_and_how_often_it_was_met() -> None:
    value = json.loads(json.dumps(to_json(measured(ROUTES + RULES + TEST))))
    Draft202012Validator(load_schema("coverage.v1")).validate(value)
    assert (value["format"], value["met"], value["all"], value["percent"]) == ("policylang.coverage/1", 3, 6, 50.0)
    assert value["kinds"]["condition"] == {"met": 1, "all": 2, "percent": 50.0}
    false = next(goal for goal in value["goals"] if goal["wanted"] == "false")
    assert false == {
        "file": "a.rules",
        "line": 23,
        "column": 21,
        "kind": "condition",
        "text": 'claims.plan == "gold"',
        "wanted": "false",
        "met": 3,
    }


def test_the_schema_refuses_what_is_no_report() -> None:
    checking = Draft202012Validator(load_schema("coverage.v1"))
    Draft202012Validator.check_schema(load_schema("coverage.v1"))
    value = to_json(measured(ROUTES + RULES))
    assert checking.is_valid(value)
    assert not checking.is_valid({**value, "met": -1})
    assert not checking.is_valid({**value, "more": 1})
    assert not checking.is_valid({name: part for name, part in value.items() if name != "goals"})
