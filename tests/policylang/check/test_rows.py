"""Rows and fixtures put in place: what a test is before anything else looks at it."""

import pytest

from policylang.check.rows import MOST_ROWS, Example, examples
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import nodes_test as ast
from tests.policylang.syntax.reading import items, shape


def expanded(text: str) -> tuple[list[Example], list[Diagnostic]]:
    """The examples of the one test in a text, and what is said of it."""
    found = items(text)
    (test,) = (item for item in found if isinstance(item, ast.Test))
    givens = {item.name.text: item for item in found if isinstance(item, ast.Given)}
    said: list[Diagnostic] = []
    return examples(test, givens, said.append), said


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in expanded(text)[1]]


def test_without_rows_a_test_is_one_example_as_written() -> None:
    ((example,), said) = expanded('test "t" { request GET "/" expect allow }')
    assert (example.title, example.row, len(example.steps), said) == ("t", 0, 2, [])


def test_every_place_takes_its_value_from_the_row() -> None:
    rowed, said = expanded(
        'test "t" { row { a: "x"  b: absent  n: 3  m: PUT  r: deny 403 by z  j: raw "1" }\n'
        "token i { a: row.a  b: row.b  j: row.j }  token raw row.a  used row.n of p rate\n"
        "request row.m row.a from row.a header X-A row.a\n"
        "expect row.r  expect allow header X-A row.a  left row.n of p rate  identity token t { a: row.a } }"
    )
    plain, _ = expanded(
        'test "t" { token i { a: "x"  b: absent  j: raw "1" }  token raw "x"  used 3 of p rate\n'
        'request PUT "x" from "x" header X-A "x"\n'
        'expect deny 403 by z  expect allow header X-A "x"  left 3 of p rate  identity token t { a: "x" } }'
    )
    assert said == []
    assert [shape(step) for step in rowed[0].steps] == [shape(step) for step in plain[0].steps]


def test_rows_are_numbered_and_keep_their_place() -> None:
    text = 'test "t" { row { a: "x" } row { a: "y" } request GET row.a expect allow }'
    made, _ = expanded(text)
    assert [(example.title, example.row) for example in made] == [("t [row 1]", 1), ("t [row 2]", 2)]
    assert made[0].span < made[1].span


def test_what_is_expected_beside_a_row_is_added() -> None:
    made, _ = expanded('test "t" { row { r: allow by a } request GET "/" expect row.r route o }')
    answer = made[0].steps[-1].answer  # type: ignore[union-attr]
    assert [expectation.kind for expectation in answer.expectations] == ["by", "route"]  # type: ignore[union-attr]


def test_fixtures_stand_where_they_are_given_and_take_rows_too() -> None:
    made, said = expanded(
        'given ana { token i { a: row.a } metadata down }\ntest "t" { row { a: 1 } given ana request GET "/" expect allow }'
    )
    assert said == []
    assert [type(step).__name__ for step in made[0].steps] == ["TokenStep", "MetadataStep", "RequestStep", "ExpectStep"]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("request GET row.a expect allow", ["R747"]),
        ('row { a: "x" } request GET row.b expect allow', ["R747", "R749"]),
        ('row { a: "x" } row { } request GET row.a expect allow', ["R747"]),
        ('row { a: "x"  b: 1 } request GET row.a expect allow', ["R749"]),
        ('row { a: "x"  a: "y" } request GET row.a expect allow', ["R254"]),
        ("row { a: row.a } request GET row.a expect allow", ["R747", "R748"]),
        ("row { a: 3 } request GET row.a expect allow", ["R748"]),
        ("row { a: GET } request GET row.a expect allow", ["R748"]),
        ("row { a: allow } request GET row.a expect allow", ["R748"]),
        ('row { a: raw "x" } request GET row.a expect allow', ["R748"]),
        ('row { a: "GET" } request row.a "/" expect allow', ["R748"]),
        ('row { a: 403 } request GET "/" expect row.a', ["R748"]),
        ('row { a: GET } token i { a: row.a } request GET "/" expect allow', ["R748"]),
        ('row { a: "3" } used row.a of p rate request GET "/" expect allow', ["R748"]),
        ('given nobody request GET "/" expect allow', ["R252"]),
    ],
)
def test_what_cannot_be_put_in_place(steps: str, said: list[str]) -> None:
    assert codes(f'test "t" {{ {steps} }}') == said


def test_a_row_that_is_wrong_leaves_the_others() -> None:
    made, said = expanded('test "t" { row { a: "x" } row { a: 3 } row { a: "z" } request GET row.a expect allow }')
    assert [example.row for example in made] == [1, 3]
    assert len(said) == 1


def test_near_misses_are_told() -> None:
    (unknown, unused) = expanded('test "t" { row { tenant: "x" } request GET row.tenat expect allow }')[1]
    assert unknown.help == ("did you mean `row.tenant`?",)
    assert unused.help == ("did you mean `tenat`?",)


def test_rows_are_bounded() -> None:
    rows = 'row { a: "x" } ' * (MOST_ROWS + 1)
    made, said = expanded(f'test "t" {{ {rows} request GET row.a expect allow }}')
    assert (made, [diagnostic.code for diagnostic in said]) == ([], ["R262"])
