"""``serve --watch``: the source is loaded again when its files change, once nobody writes them any more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Protocol

from watchfiles import Change, awatch

from gateway.policy.reload import Source
from gateway.policy.snapshot_fs import SUFFIXES, still

DEBOUNCE_MS = 200
POLL_SECONDS = 0.3
"""Between two reads that must be equal before the files are compiled."""

MOUNTED = "..data"
"""The link that Kubernetes swaps where a folder is a mounted ConfigMap or Secret."""


class Reloads(Protocol):
    """What is asked to load again."""

    async def reload(self) -> bool: ...


async def watching(
    reloads: Reloads, source: Source, tell: Callable[[str], None], pause: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Load again after changes of files that matter, each time when two reads of them, a poll apart, were the same.

    Ends when it is cancelled. A watch that breaks is told, and ends: SIGHUP still loads.
    """
    rules, facts = source.path.resolve(), None if source.metadata is None else source.metadata.resolve()
    places = {rules if rules.is_dir() else rules.parent, *([] if facts is None else [facts.parent])}

    def chosen(_: Change, name: str) -> bool:
        return matters(Path(name), rules, facts)

    changes = awatch(*places, watch_filter=chosen, debounce=DEBOUNCE_MS, ignore_permission_denied=True)
    loaded = None
    try:
        async with aclosing(changes):
            async for _ in changes:
                found = await still(source.snapshot, pause or _poll)
                if found != loaded:
                    await reloads.reload()
                    loaded = found
    except (OSError, RuntimeError) as error:  # no watches are left: watchfiles says it by either
        tell(f"warning: files are no longer watched ({error}); SIGHUP loads again")


def matters(path: Path, rules: Path, facts: Path | None) -> bool:
    """Whether a file is part of the source: a rule set's file or a mount's link below ``rules``, or one of the two."""
    # A file that is replaced is seen from its folder only, where other files change as well.
    if path in {facts, rules}:
        return True
    if path.name == MOUNTED:
        return path.parent in {rules, rules.parent, None if facts is None else facts.parent}
    return rules in path.parents and path.suffix in SUFFIXES


async def _poll() -> None:
    await asyncio.sleep(POLL_SECONDS)
