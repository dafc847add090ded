"""Diagnostics for programs: a JSON list, by ``schemas/diagnostics.v1.json``."""

import json
from collections.abc import Sequence
from typing import Any

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.source.text import SourceText


def render_json(diagnostics: Sequence[Diagnostic], files: Sequence[SourceText]) -> str:
    """The diagnostics in the order given, as indented JSON with a final newline."""
    return json.dumps(as_objects(diagnostics, files), indent=2, ensure_ascii=True) + "\n"


def as_objects(diagnostics: Sequence[Diagnostic], files: Sequence[SourceText]) -> list[dict[str, Any]]:
    """One object for each diagnostic; lines and columns are 1-based, columns count code points, ends are exclusive.

    ``file``, ``line``, ``column`` and ``end`` are null where a diagnostic is about no file.
    """
    return [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "title": diagnostic.title,
            **_place(diagnostic.span, files),
            "labels": [{**_place(label.span, files), "text": label.text} for label in diagnostic.labels],
            "notes": list(diagnostic.notes),
            "help": list(diagnostic.help),
            "edits": [{**_place(edit.span, files), "text": edit.text} for edit in diagnostic.edits],
        }
        for diagnostic in diagnostics
    ]


def _place(span: Span, files: Sequence[SourceText]) -> dict[str, Any]:
    if span.file >= len(files):
        return {"file": None, "line": None, "column": None, "end": None}
    source = files[span.file]
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {
        "file": source.path,
        "line": line,
        "column": column,
        "end": {"line": end_line, "column": end_column},
    }
