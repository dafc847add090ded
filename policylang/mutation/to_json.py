"""Mutation as JSON values, by ``schemas/mutation.v1.json``."""

from typing import Any

from policylang.mutation.judge import Judged
from policylang.mutation.report import Mutation
from policylang.source.tree import SourceTree

FORMAT = "policylang.mutation/1"


def to_json(mutation: Mutation) -> dict[str, Any]:
    """The counts and every mutant that was looked at, in the order of the source; lines and columns are 1-based."""
    fates = mutation.fates
    judged = sorted(mutation.judged, key=lambda one: (one.mutant.span, one.mutant.operator, one.mutant.edits))
    return {
        "format": FORMAT,
        "made": mutation.made,
        "noticed": fates["noticed"],
        "survived": fates["survived"],
        "refused": fates["refused"],
        "equivalent": fates["equivalent"],
        "unseen": fates["unseen"],
        "percent": mutation.percent,
        "mutants": [_mutant(one, mutation.tree) for one in judged],
    }


def _mutant(one: Judged, tree: SourceTree) -> dict[str, Any]:
    mutant = one.mutant
    source = tree.files[mutant.span.file]
    line, column = source.position(mutant.span.start)
    return {
        "file": source.path,
        "line": line,
        "column": column,
        "operator": mutant.operator,
        "before": mutant.before(tree),
        "after": mutant.after(tree),
        "fate": one.fate,
        "noticed_by": one.by,
        "hint": mutant.hint,
        "unseen_because": mutant.unseen,
    }
