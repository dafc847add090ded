"""What a command would write, beside what is there."""

import difflib


def unified(before: str, after: str, old: str, new: str) -> str:
    """A unified diff, as `patch` reads it: a last line without its end is marked. ``old`` and ``new`` name the two sides."""
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
