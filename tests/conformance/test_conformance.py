"""Every document of the suite through every lane."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.document import DATA, paths, tables
from tests.conformance.run import LANES, PURE, run, run_document, suites_of
from tests.conformance.written import suite_of

DOCUMENTS = [path for path in paths() if path.stem != "tables"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_lane_gives_what_the_document_expects(
    path: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    outcome = run_document(path, tmp_path)
    for lane, count in outcome.counts.items():
        record_property(lane, count)
    asked = sum(len(suite.cases) for suite in suites_of(path))
    on_wire = sum(case.on_wire for suite in suites_of(path) for case in suite.cases)
    assert {lane: outcome.counts.get(lane, 0) for lane in PURE} == dict.fromkeys(PURE, asked)
    assert outcome.counts.get("wire", 0) == on_wire
    assert not outcome.wrong, "\n".join(outcome.wrong[:40])


def test_there_are_enough_cases() -> None:
    by_kind: dict[bool, int] = {True: 0, False: 0}
    for path in DOCUMENTS:
        by_kind[path.stem.startswith("operators")] += sum(len(suite.cases) for suite in suites_of(path))
    assert by_kind[False] >= 400
    assert by_kind[True] >= 4000


def test_case_names_tell_cases_apart() -> None:
    for path in DOCUMENTS:
        for suite in suites_of(path):
            names = [case.name for case in suite.cases]
            assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]


WRONG = {
    "title": "a document that expects what is not so",
    "rules": """language 1
setting service url
route a { match GET on "/a" trust anonymous upstream setting.service }
allow ok on a always
""",
    "cases": [
        {"name": "no such route", "request": "GET /b", "expect": {"decision": "allow", "rule": "ok"}},
        {"name": "right", "request": "GET /a", "expect": {"decision": "allow", "rule": "ok"}},
        {"name": "another rule", "request": "GET /a", "expect": {"decision": "allow", "rule": "no"}},
    ],
    "refused": [
        {"name": "another code", "rules": "deny x on a when sure", "code": "R999"},
        {"name": "no error", "rules": "", "code": "R200"},
    ],
}


def test_a_wrong_expectation_is_told_of_in_every_lane(tmp_path: Path) -> None:
    outcome = run(suite_of("wrong", WRONG), tmp_path)
    told = {(line.split(": ")[0], line.split(": ")[1]) for line in outcome.wrong}
    asked = {(lane, name) for lane in (*PURE, "wire") for name in ("no such route", "another rule")}
    assert told == asked | {("refused", "another code"), ("refused", "no error")}
    assert set(outcome.counts) == set(LANES)


def test_every_answer_of_the_table_is_expected_somewhere() -> None:
    expected = {
        step.expect["decision"]
        for path in DOCUMENTS
        for suite in suites_of(path)
        for case in suite.cases
        for step in case.steps
    }
    assert expected == set(tables()["answers"])


def test_only_documents_are_in_the_folder() -> None:
    assert {path.suffix for path in DATA.iterdir()} == {".toml"}
