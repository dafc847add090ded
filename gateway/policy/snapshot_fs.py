"""What a load would read, at one instant: the stamps and contents of the files that make a rule set, and of the facts.

Law of this file: two equal snapshots a moment apart say that nobody is writing; one says nothing.
"""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Iterator
from hashlib import blake2b
from pathlib import Path

SUFFIXES = frozenset({".rules", ".toml", ".json", ".pem", ".jwk", ".jwks"})
"""Names of files that a rule set is made of: rules, values of settings, keys."""

Snapshot = tuple[tuple[str, int, int, int, bytes], ...]
"""Path, inode, size, time of change in nanoseconds and digest of each file, by path. No digest: it cannot be read."""

_READ = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _READ |= getattr(os, _flag, 0)  # each is missing on some systems


def snapshot(rules: Path, facts: Path | None) -> Snapshot:
    """The files of a rule set (a folder, or one file) and the file of facts as they are now. Blocks; never raises."""
    paths = {*_files(rules), *(() if facts is None else (facts,))}
    return tuple(_seen(path) for path in sorted(paths))


async def still(take: Callable[[], Snapshot], pause: Callable[[], Awaitable[None]]) -> Snapshot:
    """The snapshot that was the same before and after a pause; taken in another thread."""
    before = await asyncio.to_thread(take)
    while True:
        await pause()
        after = await asyncio.to_thread(take)
        if after == before:
            return after
        before = after


def _files(rules: Path) -> Iterator[Path]:
    if not rules.is_dir():
        yield rules
        return
    for folder, folders, names in os.walk(rules):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if Path(name).suffix in SUFFIXES and not name.startswith("."))


def _seen(path: Path) -> tuple[str, int, int, int, bytes]:
    try:
        descriptor = os.open(path, _READ)
    except OSError:
        return str(path), 0, 0, 0, b""
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        found = os.fstat(descriptor)
        digest = b""
        if stat.S_ISREG(found.st_mode):
            digest = _digest(file.readinto)
        return str(path), found.st_ino, found.st_size, found.st_mtime_ns, digest


def _digest(read_into: Callable[[bytearray], int | None]) -> bytes:
    digest, chunk = blake2b(digest_size=16), bytearray(1 << 18)
    try:
        while got := read_into(chunk):
            digest.update(memoryview(chunk)[:got])
    except OSError:
        return b""
    return digest.digest()
