"""How many calls share one commit: counted in SQLite's write-ahead log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from .wrk import Wrk

_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24


class Grouping(NamedTuple):
    """Events that were written, and the commits that they took."""

    events: int
    commits: int


class _Log(NamedTuple):
    """What the log holds since it last began anew, which changes its salts."""

    salts: bytes
    commits: int


def measure_grouping(wrk: Wrk, port: int, database: Path, *, connections: int, seconds: int) -> Grouping:
    """
    Load a server on a SQLite store, and count.

    A reader that stays keeps SQLite from beginning its log anew, so that every commit of the load is still in it.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        events = _events(reader)
        log = database.with_name(f"{database.name}-wal")
        before = _read_log(log)
        wrk.run(port, connections=connections, seconds=seconds)
        after = _read_log(log)
        reader.execute("COMMIT")
        # A log that was in the file already began anew at the first commit, before the reader held it.
        commits = after.commits - (before.commits if before.salts == after.salts else 0)
        return Grouping(_events(reader) - events, commits)


def _events(reader: sqlite3.Connection) -> int:
    count: int = reader.execute("SELECT count(*) FROM events").fetchone()[0]
    return count


def _read_log(log: Path) -> _Log:
    """
    Count the frames that end a commit: those whose header names a database size.

    Frames of before the log last began anew carry other salts (sqlite.org/fileformat2.html, "WAL File Format").
    """
    content = memoryview(log.read_bytes())
    if len(content) < _WAL_HEADER:
        return _Log(b"", 0)
    page_bytes, salts = int.from_bytes(content[8:12]), content[16:24]
    commits = 0
    for start in range(_WAL_HEADER, len(content) - _FRAME_HEADER, _FRAME_HEADER + page_bytes):
        if content[start + 8 : start + 16] != salts:
            break
        commits += any(content[start + 4 : start + 8])
    return _Log(bytes(salts), commits)
