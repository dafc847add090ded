"""The JSON Schemas of the contracts between the parts, wherever this runs: a source checkout or an installed wheel."""

from pathlib import Path

PLACES = (Path(__file__).parent / "schemas", Path(__file__).parent.parent / "schemas")


def schema_text(name: str) -> str:
    """The text of a schema such as ``plan.v1.json``. Raises FileNotFoundError for a name that there is none of.

    >>> schema_text("settings.v1.json")[:1]
    '{'
    """
    for place in PLACES:
        path = place / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError(f"no schema {name}")
