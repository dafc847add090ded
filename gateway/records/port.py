"""The port to the records' store. Memory, SQLite and Redis implement it, and pass one model test.

Law of this file: an outage is a value. A write whose reply was lost is an outage too: whoever wrote looks, or writes again
with ``expect``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.message.ports import Outage

Kind = Literal["metadata", "key", "revocation"]
KINDS: tuple[Kind, ...] = ("metadata", "key", "revocation")

MAX_NAME = 512
MAX_CONTENT_BYTES = 64 * 1024
MAX_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """``content``: a JSON object, UTF-8. ``expires``: microseconds since 1970 in the store's time; 0 is never.

    ``version`` grows with each write of this name, and no version ever returns: also not after the record was deleted or
    the store emptied.
    """

    name: str
    version: int
    content: bytes
    expires: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """The record is not at the version that was expected. ``version`` is the one it is at; 0: there is none."""

    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Records by name in code-point order; ``more``: there are others behind the last one."""

    records: tuple[Stored, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Change:
    """``version`` is what the record has since; a deletion has a version of its own."""

    kind: Kind
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes after a cursor, oldest first, and the cursor to go on from. No change is an answer as well: it vouches that
    there was none. ``lost``: the store cannot tell what happened since that cursor (trimmed, emptied, restored): all that
    was known is in doubt.
    """

    cursor: bytes
    changes: tuple[Change, ...]
    lost: bool = False


class RecordStore(Protocol):
    """Names are ASCII, 1 to MAX_NAME characters, of ``a-z A-Z 0-9 . _ : -``. An expired record is no record, at once."""

    async def get(self, kind: Kind, name: str) -> Stored | Outage | None:
        """The record as it stands in the store now."""
        ...

    async def put(
        self, kind: Kind, name: str, content: bytes, expires: int, expect: int | None
    ) -> Stored | Conflict | Outage:
        """Write. ``expect`` None: whatever is there; 0: only if there is none; else only over that version."""
        ...

    async def delete(self, kind: Kind, name: str, expect: int | None) -> bool | Conflict | Outage:
        """Remove; whether there was one."""
        ...

    async def page(self, kind: Kind, prefix: str, after: str, limit: int) -> Page | Outage:
        """At most ``limit`` (1 to MAX_PAGE) records whose name begins with ``prefix`` and comes after ``after``."""
        ...

    async def changes(self, cursor: bytes, wait_seconds: float) -> Changes | Outage:
        """Changes after ``cursor``; waits up to ``wait_seconds`` for the first. An empty cursor: begin here, with none.

        With ``wait_seconds`` 0 the answer holds every change that was made before the call.
        """
        ...

    async def sweep(self, limit: int) -> int | Outage:
        """Drop expired records, at most about ``limit`` of them; how many were looked at. Nobody is told of a change."""
        ...

    async def now(self) -> int | Outage:
        """The store's time in microseconds since 1970."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...


class Reads(Protocol):
    """What hands changes on: told of each change, and of everything being in doubt."""

    def changed(self, changes: Sequence[Change]) -> None:
        """These records have another version."""
        ...

    def doubted(self) -> None:
        """Nothing that was known may be believed without a look."""
        ...
