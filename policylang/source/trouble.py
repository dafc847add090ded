"""What can be wrong with the files of a rule set, as data: ``policylang.diagnostics.source_errors`` words it."""

from dataclasses import dataclass
from typing import Literal

TroubleKind = Literal[
    "root",  # the rule set itself cannot be opened
    "empty",  # a directory without a rules file
    "files",  # too many files
    "folder",  # a folder cannot be listed
    "depth",  # folders nested too deeply
    "system",  # a file cannot be read
    "outside",  # a link leads out of the rule set
    "irregular",  # not a regular file
    "size",  # the file is too big
    "total",  # the rule set is too big
    "mark",  # a byte order mark
    "encoding",  # not UTF-8
    "name",  # a file name that could lead out of the rule set
    "rootless",  # a file is named, and the rules have no directory
]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem: ``path`` is relative to the rule set, ``file`` its index in the tree where it has one.

    ``reason`` is the system's own word, empty where the kind says all; ``cap`` the number that was exceeded.
    """

    kind: TroubleKind
    path: str
    file: int | None = None
    reason: str = ""
    cap: int = 0
