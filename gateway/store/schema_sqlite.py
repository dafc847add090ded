"""Tables of the file and their versions: each part of the gateway brings its own, and steps that lead from one to the next.

Law of this file: a step that was released is never edited; what changes is another step.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from gateway.store.faults_sqlite import FileRefused


@dataclass(frozen=True, slots=True)
class Schema:
    """``steps``: statements that lead from version 0 to 1, from 1 to 2, …; the number of steps is the version."""

    part: str
    steps: tuple[tuple[str, ...], ...]


def migrate(connection: sqlite3.Connection, path: Path, schemas: tuple[Schema, ...]) -> None:
    """Bring every part to its version, all in one transaction. Raises FileRefused for a file of a newer release."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS parts (part TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"
        )
        versions: dict[str, int] = dict(connection.execute("SELECT part, version FROM parts").fetchall())
        for schema in schemas:
            for step in schema.steps[_known(path, schema, versions.get(schema.part, 0)) :]:
                for statement in step:
                    connection.execute(statement)
            connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (schema.part, len(schema.steps)))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _known(path: Path, schema: Schema, version: int) -> int:
    if version > len(schema.steps):
        raise FileRefused(
            f"{path}: its {schema.part} are of version {version}, and this release knows {len(schema.steps)}: "
            "use the release that wrote it, or a newer one"
        )
    return version
