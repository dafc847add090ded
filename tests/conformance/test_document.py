"""Documents are refused that are none, and read as they are written."""

from pathlib import Path

import pytest

from tests.conformance.document import paths, read, validator
from tests.conformance.observed import complaints
from tests.conformance.written import micros, suite_of

CASES = {"kind": "cases", "title": "t", "cases": []}
CASE = {"name": "one", "request": "GET /", "expect": {"decision": "no_route"}}


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_every_document_fits_the_schema(path: Path) -> None:
    assert read(path)["title"]


@pytest.mark.parametrize(
    "wrong",
    [
        {**CASES, "kind": "other"},
        {**CASES, "surplus": 1},
        {**CASES, "cases": [{**CASE, "expect": {"decision": "maybe"}}]},
        {**CASES, "cases": [{**CASE, "expect": {"decision": "allow"}}]},
        {**CASES, "cases": [{**CASE, "expect": {"decision": "no_route", "surplus": 1}}]},
        {**CASES, "cases": [{**CASE, "surplus": 1}]},
        {**CASES, "cases": [{**CASE, "steps": [{"expect": {"decision": "no_route"}}]}]},
        {**CASES, "cases": [{"name": "one", "request": "GET /"}]},
        {**CASES, "cases": [{**CASE, "request": "GET"}]},
        {**CASES, "refused": [{"name": "x", "rules": "", "code": "E1"}]},
        {"kind": "operators", "title": "t", "operators": [{"name": "x", "type": "short", "test": "no operand"}]},
    ],
)
def test_what_is_no_document(wrong: object) -> None:
    assert not validator().is_valid(wrong)
    assert validator().is_valid({**CASES, "cases": [CASE]})


def test_a_file_that_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('kind = "cases"\ntitle = "t"\nodd = 1\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.toml"):
        read(path)


DOCUMENT = {
    "tokens": {"corp": {"iss": '"i"', "sub": '"u"', "n": "1"}},
    "defaults": {"token": "corp", "request": "GET /a", "claims": {"n": "2"}},
    "secrets": {"key": "k"},
    "cases": [
        {
            "name": "layers",
            "claims": {"m": "1e2"},
            "without": ["sub"],
            "steps": [
                {"expect": {"decision": "no_route"}, "repeat": 2},
                {
                    "expect": {"decision": "no_route"},
                    "claims": {"n": "3"},
                    "twice": {"n": "3"},
                    "metadata": "down",
                    "at": "2026-02-01T12:00:00.5Z",
                    "headers": [["X-A", "1"]],
                },
                {"expect": {"decision": "no_route"}, "token": "none", "metadata": '{"a": 1}', "request": "PUT /b c"},
                {"expect": {"decision": "no_route"}, "payload_hex": "00ff"},
                {"expect": {"decision": "no_route"}, "payload": "{}", "credential": "cookie sid"},
            ],
        }
    ],
}


def test_cases_are_laid_in_layers() -> None:
    (case,) = suite_of("layers", DOCUMENT).cases
    first, again, second, third, fourth, fifth = case.steps
    assert first == again
    assert first.ask.payload == b'{"iss": "i", "n": 2, "m": 1e2}'
    assert first.ask.now == 1_769_947_200_000_000
    assert second.ask.payload == b'{"iss": "i", "n": 3, "m": 1e2, "n": 3}'
    assert (second.ask.now, second.ask.metadata) == (1_769_947_200_500_000, None)
    assert second.ask.headers == (("X-A", "1"),)
    assert (third.ask.payload, third.ask.metadata) == (None, {"a": 1})
    assert (third.ask.method, third.ask.target) == ("PUT", "/b c")
    assert fourth.ask.payload == b"\x00\xff"
    assert (fifth.ask.payload, fifth.credential) == (b"{}", "cookie sid")
    assert first.ask.secrets == {"key": "k"}


def test_instants_are_exact() -> None:
    assert micros("2026-02-01T12:00:00.000001Z") == 1_769_947_200_000_001
    assert micros("9999-12-31T23:59:59.999999Z") == 253_402_300_799_999_999


def test_complaints_name_what_differs_and_leave_out_what_a_lane_cannot_see() -> None:
    found = {"status": 403, "decision": "denied", "rule": "a", "faults": []}
    assert complaints({"decision": "denied", "rule": "a"}, found, frozenset()) == []
    assert complaints({"decision": "denied", "rule": "b", "faults": ["x"]}, found, frozenset({"faults"})) == [
        "rule: expected 'b', found 'a'"
    ]
    assert len(complaints({"decision": "allow", "rule": "a"}, found, frozenset())) == 2
