import json
from pathlib import Path

import jsonschema
import pytest

from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.diagnostics.render_json import as_objects, render_json
from policylang.source.spans import NOWHERE, Span
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/diagnostics.v1.json").read_text(encoding="utf-8"))
TREE = tree_of({"a.rules": "language 1\ndeny 日本\n"})


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"].endswith("diagnostics.v1")


def test_every_field_is_given_with_lines_and_columns_in_code_points() -> None:
    span = Span(0, 16, 18)
    diagnostic = Diagnostic("R116", "t", (Label(span, "l"),), ("h",), ("n",), "warning", (Edit(span, "x"),))
    place = {"file": "a.rules", "line": 2, "column": 6, "end": {"line": 2, "column": 8}}
    (given,) = as_objects([diagnostic], TREE.files)
    assert given == {
        "code": "R116",
        "severity": "warning",
        "title": "t",
        **place,
        "labels": [{**place, "text": "l"}],
        "notes": ["n"],
        "help": ["h"],
        "edits": [{**place, "text": "x"}],
    }
    jsonschema.validate([given], SCHEMA)


def test_what_is_about_no_file_says_null() -> None:
    objects = as_objects([Diagnostic("R701", "t", (Label(NOWHERE),))], ())
    assert (objects[0]["file"], objects[0]["line"], objects[0]["end"]) == (None, None, None)
    jsonschema.validate(objects, SCHEMA)


def test_real_complaints_fit_the_schema_and_are_ascii() -> None:
    tree = tree_of({"a.rules": "language 1\nrout x\ndeny 日本\nallow a on b for get always\n"})
    rendered = render_json(parse(tree).diagnostics, tree.files)
    assert rendered.isascii()
    objects = json.loads(rendered)
    assert len(objects) == 3
    jsonschema.validate(objects, SCHEMA)


def test_no_diagnostics_are_an_empty_list() -> None:
    assert json.loads(render_json([], ())) == []


@pytest.mark.parametrize(
    "spoiled", [{"line": 0}, {"code": "X"}, {"severity": "fatal"}, {"title": ""}, {"labels": []}, {"extra": 1}]
)
def test_the_schema_refuses_what_it_should(spoiled: dict[str, object]) -> None:
    (good,) = as_objects([Diagnostic("R100", "t", (Label(Span(0, 0, 1)),))], TREE.files)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**good, **spoiled}], SCHEMA)
