"""The structure of a SARIF 2.1.0 log (OASIS Standard, 27 March 2020), as far as policylang writes it.

Written from the text of the standard: which properties an object may have, which it must, and of what kind they are.
"""

import re
from typing import Any

_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def check_sarif(log: Any) -> None:
    """Fail unless a log has the published structure (section 3.13 and below)."""
    _object(log, required={"version", "runs"}, optional={"$schema"})
    assert log["version"] == "2.1.0"
    for run in log["runs"]:
        _object(run, required={"tool"}, optional={"results", "columnKind"})
        assert run.get("columnKind") in {None, "utf16CodeUnits", "unicodeCodePoints"}
        _object(run["tool"], required={"driver"}, optional=set())
        driver = run["tool"]["driver"]
        _object(driver, required={"name"}, optional={"semanticVersion", "rules"})
        rules = driver.get("rules", [])
        assert len({rule["id"] for rule in rules}) == len(rules)
        for rule in rules:
            _rule(rule)
        for result in run["results"]:
            _result(result, rules)


def _rule(rule: Any) -> None:
    """3.49"""
    _object(
        rule,
        required={"id"},
        optional={"name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration"},
    )
    for name in ("shortDescription", "fullDescription", "help"):
        if name in rule:
            _message(rule[name])
    if "defaultConfiguration" in rule:
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}


def _result(result: Any, rules: list[Any]) -> None:
    """3.27"""
    _object(
        result,
        required={"message"},
        optional={"ruleId", "ruleIndex", "level", "locations", "relatedLocations", "fixes"},
    )
    _message(result["message"])
    assert result.get("level") in {None, "none", "note", "warning", "error"}
    if "ruleIndex" in result:
        assert 0 <= result["ruleIndex"] < len(rules)
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for location in (*result.get("locations", []), *result.get("relatedLocations", [])):
        _location(location)
    ids = [location["id"] for location in result.get("relatedLocations", [])]
    assert len(set(ids)) == len(ids)
    for fix in result.get("fixes", []):
        _fix(fix)


def _location(location: Any) -> None:
    """3.28"""
    _object(location, required={"physicalLocation"}, optional={"id", "message"})
    place = location["physicalLocation"]
    _object(place, required={"artifactLocation"}, optional={"region"})
    _artifact(place["artifactLocation"])
    if "region" in place:
        _region(place["region"])
    if "message" in location:
        _message(location["message"])


def _fix(fix: Any) -> None:
    """3.55 to 3.57"""
    _object(fix, required={"artifactChanges"}, optional={"description"})
    if "description" in fix:
        _message(fix["description"])
    assert fix["artifactChanges"]
    for change in fix["artifactChanges"]:
        _object(change, required={"artifactLocation", "replacements"}, optional=set())
        _artifact(change["artifactLocation"])
        assert change["replacements"]
        for replacement in change["replacements"]:
            _object(replacement, required={"deletedRegion"}, optional={"insertedContent"})
            _region(replacement["deletedRegion"])
            assert isinstance(replacement["insertedContent"]["text"], str)


def _region(region: Any) -> None:
    """3.30: what is counted from 1 is positive, and the end is not before the start."""
    _object(region, required={"startLine"}, optional={"startColumn", "endLine", "endColumn"})
    assert all(type(number) is int and number >= 1 for number in region.values())
    start = region["startLine"], region.get("startColumn", 1)
    assert start <= (region.get("endLine", region["startLine"]), region.get("endColumn", 10**9))


def _artifact(location: Any) -> None:
    """3.4: the URI is one (RFC 3986), or a relative reference."""
    _object(location, required={"uri"}, optional={"uriBaseId"})
    assert _URI.fullmatch(location["uri"]), location["uri"]


def _message(message: Any) -> None:
    """3.11 and 3.12: text is there, with Markdown or without."""
    _object(message, required={"text"}, optional={"markdown"})
    assert isinstance(message["text"], str)
    assert message["text"]


def _object(value: Any, *, required: set[str], optional: set[str]) -> None:
    assert isinstance(value, dict)
    assert required <= value.keys(), required - value.keys()
    assert value.keys() <= required | optional, value.keys() - required - optional
