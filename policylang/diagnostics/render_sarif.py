"""Diagnostics for code scanning: SARIF 2.1.0 (OASIS Standard, 27 March 2020). Section numbers are of that standard."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.diagnostics.pages import Page
from policylang.source.spans import Span
from policylang.source.text import SourceText

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(
    diagnostics: Sequence[Diagnostic],
    files: Sequence[SourceText],
    pages: Sequence[Page] = (),
    *,
    version: str = "",
    base: str = "",
) -> str:
    """The diagnostics in the order given as one SARIF run, indented, with a final newline; all of it is ASCII.

    ``pages`` become the rules' metadata; only those of codes that occur are written. ``base`` is put before the paths of
    files: what a consumer resolves them against is its own checkout, unless ``base`` is absolute.
    """
    by_code = {page.code: page for page in pages}
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    rules = {code: index for index, code in enumerate(codes)}
    driver = {
        "name": "policylang",
        **({"semanticVersion": version} if version[:1].isdigit() else {}),
        "rules": [_rule(code, by_code.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",  # 3.14.17: columns count what `Span` counts
        "results": [_result(diagnostic, rules, files, base) for diagnostic in diagnostics],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True) + "\n"


def _rule(code: str, page: Page | None) -> dict[str, Any]:
    """3.49 reportingDescriptor."""
    if page is None:
        return {"id": code}
    return {
        "id": code,
        "name": page.name,
        "shortDescription": {"text": f"{page.title}."},
        "fullDescription": {"text": f"{page.title}."},
        "help": {"text": page.text, "markdown": page.text},
        "defaultConfiguration": {"level": page.severity},
    }


def _result(diagnostic: Diagnostic, rules: Mapping[str, int], files: Sequence[SourceText], base: str) -> dict[str, Any]:
    """3.27 result; the words of a severity are SARIF's own levels."""
    first, *others = diagnostic.labels
    text = "\n".join([diagnostic.title, *diagnostic.notes, *(f"help: {paragraph}" for paragraph in diagnostic.help)])
    found: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rules[diagnostic.code],
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": _locations([first], files, base),
    }
    related = _locations(others, files, base)
    if related:
        found["relatedLocations"] = [{"id": index, **location} for index, location in enumerate(related, 1)]
    if diagnostic.edits:
        found["fixes"] = [_fix(diagnostic, files, base)]
    return found


def _locations(labels: Sequence[Label], files: Sequence[SourceText], base: str) -> list[dict[str, Any]]:
    """3.28 location; none for a complaint that is about no file."""
    return [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": _uri(files[label.span.file], base)},
                "region": _region(label.span, files[label.span.file]),
            },
            **({"message": {"text": label.text}} if label.text else {}),
        }
        for label in labels
        if label.span.file < len(files)
    ]


def _fix(diagnostic: Diagnostic, files: Sequence[SourceText], base: str) -> dict[str, Any]:
    """3.55 fix: the edits of each file."""
    by_file: dict[int, list[Edit]] = {}
    for edit in diagnostic.edits:
        by_file.setdefault(edit.span.file, []).append(edit)
    changes = [
        {
            "artifactLocation": {"uri": _uri(files[index], base)},
            "replacements": [
                {"deletedRegion": _region(edit.span, files[index]), "insertedContent": {"text": edit.text}}
                for edit in edits
            ],
        }
        for index, edits in sorted(by_file.items())
    ]
    return {"description": {"text": "; ".join(diagnostic.help) or diagnostic.title}, "artifactChanges": changes}


def _region(span: Span, source: SourceText) -> dict[str, int]:
    """3.30 region: lines and columns from 1, the end column behind the last character."""
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _uri(source: SourceText, base: str) -> str:
    """3.4.3: a relative reference, or a file URI for an absolute path (RFC 8089)."""
    path = quote(f"{base}{source.path}", safe="/~")
    return f"file://{path}" if path.startswith("/") else path
