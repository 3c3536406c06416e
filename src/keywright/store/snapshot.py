"""Copy a SQLite database while it is served, and verify the copy."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from keywright.store.existing import AdministrationError

_PAGES: Final = 256
"""A megabyte in each step."""
_REST_SECONDS: Final = 0.002
"""Between steps, so that the server has the disk and the processor to itself half of the time."""
_LOCK_SECONDS: Final = 10.0


def copy_database(source: Path, target: Path) -> None:
    """
    Copy a database as it is at one moment, in steps that give way; the server goes on writing meanwhile.

    The copy is of a snapshot that is held to its end: a step that looked again would begin anew with every write.

    Raises: AdministrationError where the copy is damaged; sqlite3.Error.
    """
    with (
        closing(sqlite3.connect(source, isolation_level=None, timeout=_LOCK_SECONDS)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        # The file is synced as a whole, once it is known to be good.
        writing.execute("PRAGMA synchronous = OFF")
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        reading.backup(writing, pages=_PAGES, progress=lambda *_: time.sleep(_REST_SECONDS))
        reading.execute("ROLLBACK")
        # One file, without a log beside it; the server switches back.
        writing.execute("PRAGMA journal_mode = DELETE").fetchall()
    damage = integrity_errors(target)
    if damage:
        raise AdministrationError(
            f"the database is damaged, and so would be its backup: {damage[0]}; run `keywright check`, keep the last "
            "good backup, and look at the disk"
        )


def integrity_errors(file: Path) -> list[str]:
    """Return what SQLite finds wrong with a database's pages and indexes."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=_LOCK_SECONDS)) as connection:
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return [one for one in found if one != "ok"]
