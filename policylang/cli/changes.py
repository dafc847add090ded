"""Waiting for a rule set to change: file stamps, looked at again and again."""

from collections.abc import Callable, Mapping
from pathlib import Path

from policylang.source.environment import FOLDER

Stamps = Mapping[str, tuple[int, int]]
"""Modification time in nanoseconds and size of each file, by path."""

INTERVAL_SECONDS = 0.3


def stamps(path: Path, written: Path | None = None) -> Stamps:
    """The stamps of a rule set's files: rules, environments, keys. ``written`` is a file that the run itself writes.

    Hidden names are passed over. What goes away while it is looked at is not there.
    """
    found: dict[str, tuple[int, int]] = {}
    for file in _files(path):
        try:
            if file.is_file() and not (written is not None and written.exists() and file.samefile(written)):
                state = file.stat()
                found[str(file)] = (state.st_mtime_ns, state.st_size)
        except OSError:
            continue
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path, *sorted((path.parent / FOLDER).glob("*"))]
    return sorted(f for f in path.rglob("*") if not any(part.startswith(".") for part in f.relative_to(path).parts))


def wait_for_change(look: Callable[[], Stamps], before: Stamps, sleep: Callable[[float], None]) -> Stamps:
    """What ``look`` sees once it differs from ``before`` and has stayed the same for one interval.

    An editor that writes a file in two steps is waited for.
    """
    while True:
        sleep(INTERVAL_SECONDS)
        now = look()
        if now == before:
            continue
        while True:
            sleep(INTERVAL_SECONDS)
            settled = look()
            if settled == now:
                return settled
            now = settled
