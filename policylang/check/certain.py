"""What can be said of a rule set that was not read as a whole: a name that is not found may stand in what is missing."""

from collections.abc import Iterable

from policylang.diagnostics.model import Diagnostic

NEEDS_EVERY_ITEM = frozenset(
    {
        "R200", "R201", "R202", "R205", "R206", "R207", "R211", "R213", "R214", "R231",  # what expressions name
        "R252", "R271", "R280", "R281", "R282", "R283",  # names and scopes
        "R308",  # routes that nothing allows
        "R730", "R731", "R732", "R733", "R734",  # what nothing uses
        "R740", "R746",  # what tests name
    }
)  # fmt: skip
"""Complaints that an item which could not be parsed may be the reason for."""


def certain(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those of the checker's diagnostics that hold even if some items could not be parsed."""
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.code not in NEEDS_EVERY_ITEM)
