"""Coverage as JSON values, by ``schemas/coverage.v1.json``."""

from typing import Any

from policylang.coverage.report import Coverage, Share

FORMAT = "policylang.coverage/1"


def to_json(coverage: Coverage) -> dict[str, Any]:
    """The totals, by kind too, and every goal with its place (1-based, columns in code points) and how often it was met."""
    return {
        "format": FORMAT,
        **_share(coverage.share),
        "kinds": {kind: _share(share) for kind, share in coverage.by_kind().items()},
        "goals": [
            {
                "file": coverage.tree.files[goal.span.file].path,
                "line": line,
                "column": column,
                "kind": goal.kind,
                "text": goal.subject or coverage.tree.text_of(goal.span),
                "wanted": goal.wanted,
                "met": coverage.met.get(goal, 0),
            }
            for goal in coverage.goals
            for line, column in [coverage.tree.files[goal.span.file].position(goal.span.start)]
        ],
    }


def _share(share: Share) -> dict[str, Any]:
    return {"met": share.met, "all": share.all, "percent": share.percent}
