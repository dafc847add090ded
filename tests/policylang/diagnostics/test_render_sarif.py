"""SARIF 2.1.0: judged by its published structure, as far as this renderer uses it; nothing is fetched."""

import json
from typing import Any

import pytest

from policylang.diagnostics.model import Diagnostic, Edit, Label, Severity
from policylang.diagnostics.pages import Page
from policylang.diagnostics.render_sarif import SCHEMA, render_sarif
from policylang.source.spans import NOWHERE, Span
from policylang.source.tree import tree_of
from tests.strategies.sarif import check_sarif

TREE = tree_of({"a b.rules": "language 1\ndeny 日本 x\n", "sub/b.rules": "language 1\n"})
PAGE = Page("L008", "long-leeway", "A leeway", "Why.\n", "warning")


def rendered(*diagnostics: Diagnostic, base: str = "") -> dict[str, Any]:
    text = render_sarif(diagnostics, TREE.files, [PAGE], version="1.2.3", base=base)
    assert text.isascii()
    assert text.endswith("}\n")
    log: dict[str, Any] = json.loads(text)
    check_sarif(log)
    return log


def found(code: str = "L008", span: Span = Span(0, 16, 18), severity: Severity = "warning", **more: Any) -> Diagnostic:  # noqa: B008
    return Diagnostic(code, "too long", (Label(span, "this"), *more.pop("labels", ())), severity=severity, **more)


def test_a_run_says_who_made_it() -> None:
    log = rendered()
    assert log["$schema"] == SCHEMA
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["results"] == []
    assert run["tool"]["driver"] == {"name": "policylang", "semanticVersion": "1.2.3", "rules": []}


def test_an_unknown_version_is_none() -> None:
    log = json.loads(render_sarif([], (), (), version="unknown"))
    assert "semanticVersion" not in log["runs"][0]["tool"]["driver"]


def test_places_count_code_points_from_one() -> None:
    (result,) = rendered(found())["runs"][0]["results"]
    assert rendered(found())["runs"][0]["columnKind"] == "unicodeCodePoints"
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 8}
    assert location["message"] == {"text": "this"}


@pytest.mark.parametrize("severity", ["note", "warning", "error"])
def test_levels_are_severities(severity: Severity) -> None:
    (result,) = rendered(found(severity=severity))["runs"][0]["results"]
    assert result["level"] == severity


def test_rules_are_described_once_and_indexed() -> None:
    run = rendered(found("R204"), found("L008"), found("R204"))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["L008", "R204"]
    assert [(result["ruleId"], result["ruleIndex"]) for result in run["results"]] == [
        ("R204", 1),
        ("L008", 0),
        ("R204", 1),
    ]
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["name"] == "long-leeway"
    assert rule["shortDescription"] == {"text": "A leeway."}
    assert rule["help"] == {"text": "Why.\n", "markdown": "Why.\n"}
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert run["tool"]["driver"]["rules"][1] == {"id": "R204"}


def test_notes_and_help_are_in_the_message() -> None:
    (result,) = rendered(found(help=("shorten it",), notes=("because",)))["runs"][0]["results"]
    assert result["message"]["text"] == "too long\nbecause\nhelp: shorten it"


def test_other_places_are_related() -> None:
    (result,) = rendered(found(labels=(Label(Span(1, 0, 8), "there"),)))["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "sub/b.rules"


def test_edits_are_one_fix() -> None:
    (result,) = rendered(found(edits=(Edit(Span(0, 16, 18), "x"), Edit(Span(1, 0, 0), "y"))))["runs"][0]["results"]
    (fix,) = result["fixes"]
    assert [change["artifactLocation"]["uri"] for change in fix["artifactChanges"]] == ["a%20b.rules", "sub/b.rules"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "x"}
    assert replacement["deletedRegion"]["startColumn"] == 6


@pytest.mark.parametrize(
    ("base", "uri"),
    [
        ("", "a%20b.rules"),
        ("rules/", "rules/a%20b.rules"),
        ("/srv/my rules/", "file:///srv/my%20rules/a%20b.rules"),
        ("../r/", "../r/a%20b.rules"),
    ],
)
def test_paths_are_uri_references(base: str, uri: str) -> None:
    (result,) = rendered(found(), base=base)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_what_is_about_no_file_has_no_location() -> None:
    text = render_sarif([found(span=NOWHERE)], (), ())
    log = json.loads(text)
    check_sarif(log)
    assert log["runs"][0]["results"][0]["locations"] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.update(version="2.0.0"),
        lambda log: log["runs"][0].pop("tool"),
        lambda log: log["runs"][0]["results"][0].update(level="fatal"),
        lambda log: log["runs"][0]["results"][0].update(ruleIndex=7),
        lambda log: log["runs"][0]["results"][0].pop("message"),
        lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
        lambda log: log["runs"][0]["results"][0].update(unheard_of=1),
    ],
)
def test_the_structural_test_can_fail(spoil: Any) -> None:
    log = rendered(found())
    spoil(log)
    with pytest.raises(AssertionError):
        check_sarif(log)
