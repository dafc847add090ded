import json

from jsonschema import Draft202012Validator

from policylang.mutation.judge import judge
from policylang.mutation.report import Mutation
from policylang.mutation.to_json import to_json
from policylang.plan.schema_files import load_schema
from tests.policylang.mutation.mutated import BASE, asking, rule_set

RULES = f'{BASE}deny d on solo when claims.plan == "gold"\n'


def test_the_counts_and_every_mutant() -> None:
    found = rule_set(RULES + asking('plan: "gold"', "expect deny 403"))
    mutants = [*found.mutants("drop_rule"), *found.mutants("flip_comparison")]
    judged = judge(mutants, found.variants, found.cases, None, lambda _done: None)
    value = json.loads(json.dumps(to_json(Mutation(9, judged, found.tree))))
    Draft202012Validator(load_schema("mutation.v1")).validate(value)
    counts = {
        name: value[name] for name in ("made", "noticed", "survived", "refused", "equivalent", "unseen", "percent")
    }
    assert counts == {
        "made": 9, "noticed": 2, "survived": 0, "refused": 1, "equivalent": 0, "unseen": 0, "percent": 100.0,
    }  # fmt: skip
    flip = next(mutant for mutant in value["mutants"] if mutant["operator"] == "flip_comparison")
    assert {name: flip[name] for name in ("file", "column", "before", "after", "fate", "noticed_by")} == {
        "file": "a.rules",
        "column": 21,
        "before": 'claims.plan == "gold"',
        "after": 'claims.plan != "gold"',
        "fate": "noticed",
        "noticed_by": "corp plan: 'gold' GET /solo expect deny 403",
    }


def test_the_schema_refuses_what_is_no_report() -> None:
    Draft202012Validator.check_schema(load_schema("mutation.v1"))
    checking = Draft202012Validator(load_schema("mutation.v1"))
    value = to_json(Mutation(0, (), rule_set(RULES).tree))
    assert checking.is_valid(value)
    assert not checking.is_valid({**value, "format": "policylang.mutation/2"})
    assert not checking.is_valid({**value, "mutants": [{}]})
