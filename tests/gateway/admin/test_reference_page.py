"""The reference page: every operation, every schema, and links that lead somewhere."""

import re

from gateway.admin.document import read_document
from gateway.admin.reference_page import reference

DOCUMENT = read_document()
PAGE = reference(DOCUMENT.content)


def test_every_operation_is_told() -> None:
    for operation in DOCUMENT.operations:
        assert f"\n`{operation.method} {operation.path}`\n" in PAGE
        for parameter in operation.parameters:
            assert f"| `{parameter.name}` | {parameter.place} |" in PAGE


def test_links_lead_to_schemas() -> None:
    anchors = set(re.findall(r"\{ #(schema-\w+) \}", PAGE))
    assert set(re.findall(r"\(#(schema-\w+)\)", PAGE)) <= anchors
    assert len(anchors) == len(DOCUMENT.content["components"]["schemas"])
