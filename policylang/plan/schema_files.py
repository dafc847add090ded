"""Where the JSON Schemas of the contracts are: inside an installed package, or beside it in a source checkout."""

import json
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent


def schema_path(name: str) -> Path:
    """The file of a schema such as ``plan.v1``.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    file = f"{name}.json"
    for folder in (PACKAGE / "schemas", PACKAGE.parent / "schemas"):
        if (folder / file).is_file():
            return folder / file
    raise FileNotFoundError(f"the schema {file} is not part of this installation")


@cache
def load_schema(name: str) -> dict[str, Any]:
    """A schema as JSON values; shared by all callers, so none may change it."""
    schema: dict[str, Any] = json.loads(schema_path(name).read_text(encoding="utf-8"))
    return schema
