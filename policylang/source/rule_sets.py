"""Which rule sets a path holds: nearly always one, itself; a folder of examples or of teams holds several."""

from pathlib import Path

from policylang.source.tree import SUFFIX

ENVIRONMENTS = "env"


def rule_sets(path: Path) -> tuple[Path, ...]:
    """The rule sets at a path, by name.

    A directory holds several where it has neither a rules file nor ``env/`` of its own, and a sub-directory has both: each
    sub-directory with a rules file is one then. Anything else, and whatever cannot be listed, is one.
    """
    try:
        if not path.is_dir() or _has_rules(path) or (path / ENVIRONMENTS).is_dir():
            return (path,)
        below = sorted(child for child in path.iterdir() if child.is_dir() and not child.name.startswith("."))
        found = [child for child in below if _has_rules(child)]
        if not any((child / ENVIRONMENTS).is_dir() for child in found):
            return (path,)
    except OSError:
        return (path,)  # whoever reads it says why it cannot be
    return tuple(found)


def _has_rules(directory: Path) -> bool:
    return any(child.name.endswith(SUFFIX) and not child.name.startswith(".") for child in directory.iterdir())
