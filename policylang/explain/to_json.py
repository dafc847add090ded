"""An explanation as JSON values, for other programs to read."""

from dataclasses import asdict
from typing import Any

from policylang.explain.tree import ExplainTree

FORMAT = "policylang.explanation/1"


def to_json(tree: ExplainTree) -> dict[str, Any]:
    """The explanation as objects, arrays, texts, integers, booleans and nulls; member names are the tree's."""
    return {"format": FORMAT, **asdict(tree)}
