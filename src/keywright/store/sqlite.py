"""
SQLite: one file, one writer that groups.

Everything but the commit runs on the event loop's thread, so that no two pieces of Python compete for the interpreter.
Work that arrives while a commit is on its way to the disk waits, and shares the next one: a hundred callers cost one
fsync.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from keywright.store.group_commit import Change, Committer, Group, roll_back
from keywright.store.tables import identity_generation
from keywright.store.transaction import (
    AdditionWriter,
    DropCaches,
    EventRow,
    KeyUseRow,
    ServiceUseRow,
    Transaction,
)

T = TypeVar("T")

_GROUP_SECONDS: Final = 0.02
"""How long a group may run on the loop before it commits; what is left goes into the next."""
_GATHER_SECONDS: Final = 0.002
"""How long a group may wait while more work keeps coming; an idle loop commits at once."""
_ASIDE_THREADS: Final = 2
_GENERATION: Final = str(select(identity_generation.c.generation))
_LOCK_SECONDS: Final = 10.0
"""How long to wait for another process's write lock."""
_RETRY_SECONDS: Final = 0.002


def sqlite_engine(path: Path) -> Engine:
    """Make an engine whose connections commit when told to, and only then."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": 0},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        _keep_a_log(connection)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "wal_autocheckpoint = 4000", "cache_size = -800"):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. A new file is locked while another process does so, and SQLite does not wait."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if not _is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from others of its name; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


class SqliteStore:
    """A `Store` on one SQLite file, for one event loop."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._engine: Final = sqlite_engine(path)
        self._reader: Final = self._engine.connect()
        self._writer: Final = self._engine.connect()
        # What only steers a transaction goes to the driver itself: SQLAlchemy would take longer than SQLite.
        self._read_driver: Final = _driver(self._reader)
        event.listen(self._reader, "before_cursor_execute", self._begin_reading)
        self._write_driver: Final = _driver(self._writer)
        self._additions: Final = AdditionWriter(self._engine.dialect)
        self._aside: Final = ThreadPoolExecutor(_ASIDE_THREADS, thread_name_prefix="read")
        self._committer: Final = Committer(self._write_driver)
        self._changes: list[Change] = []
        self._group = Group()
        self._waiting_since = 0.0
        self._busy = False
        self._idle: asyncio.Future[None] | None = None
        self._drops: Final[list[DropCaches]] = []
        self._generation = self._read_generation()
        self._file: Final = _identity(path)

    async def read(self, work: Callable[[Connection], T], /) -> T:
        """Run work at once on the reading connection: SQLite answers in microseconds."""
        try:
            return work(self._reader)
        finally:
            if self._read_driver.in_transaction:
                self._read_driver.execute("COMMIT")

    def _begin_reading(self, *_statement: Any) -> None:
        """Begin one snapshot for all that a piece of work reads, once it reads anything."""
        if not self._read_driver.in_transaction:
            self._read_driver.execute("BEGIN")

    async def read_aside(self, work: Callable[[Connection], T], /) -> T:
        """Run work on a thread and a connection of its own; SQLite leaves the interpreter to others while it reads."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, self._read_apart, work)

    def _read_apart(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            driver = _driver(connection)
            driver.execute("BEGIN")
            try:
                return work(connection)
            finally:
                driver.execute("COMMIT")

    async def write(self, work: Callable[[Transaction], T], /) -> T:
        """Queue work for the next group."""
        change = Change(work, asyncio.get_running_loop().create_future())
        self._changes.append(change)
        self._wake()
        result: T = await change.done
        return result

    async def add(
        self, event: EventRow, key_use: KeyUseRow | None, service_use: ServiceUseRow | None = None, /
    ) -> None:
        """Put an event into the next group."""
        group = self._group
        group.rows.events.append(event)
        if key_use is not None:
            group.rows.key_uses.append(key_use)
        if service_use is not None:
            group.rows.service_uses.append(service_use)
        done = asyncio.get_running_loop().create_future()
        group.waiters.append(done)
        self._wake()
        await done

    def on_identity_change(self, drop: DropCaches, /) -> None:
        """Register a cache."""
        self._drops.append(drop)

    def is_in_place(self) -> bool:
        """Return whether the file that was opened is still the one of its name."""
        return _identity(self._path) == self._file

    async def refresh(self) -> None:
        """Compare the generation with the last one seen."""
        generation = self._read_generation()
        if generation != self._generation:
            self._generation = generation
            self._drop(None)

    async def close(self) -> None:
        """Let the last group commit, then close the connections (which folds the log into the file)."""
        if self._busy:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle
        self._committer.stop()
        self._aside.shutdown()
        self._reader.close()
        self._writer.close()

    def _wake(self) -> None:
        if not self._busy:
            self._busy = True
            self._gather()

    def _gather(self) -> None:
        """Begin a group; each turn of the loop that brings more work lets it grow."""
        self._waiting_since = time.monotonic()
        asyncio.get_running_loop().call_soon(self._gather_on, 0)

    def _gather_on(self, seen: int) -> None:
        waiting = len(self._changes) + len(self._group.waiters)
        if waiting == seen or time.monotonic() - self._waiting_since > _GATHER_SECONDS:
            self._run_group()
        else:
            asyncio.get_running_loop().call_soon(self._gather_on, waiting)

    def _run_group(self) -> None:
        """Run what waits in one transaction and send its commit to the disk."""
        try:
            self._write_driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if _is_locked(error) and time.monotonic() - self._waiting_since < _LOCK_SECONDS:
                asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._run_group)
                return
            group = self._take_group()
            group.changes, self._changes = self._changes, []
            self._finished(group, error)
            return
        group = self._take_group()
        try:
            self._run_changes(group)
            self._additions.write(self._write_driver.executemany, group.rows)
        except (DBAPIError, sqlite3.Error) as error:
            roll_back(self._write_driver)
            self._finished(group, error)
            return
        self._committer.commit(lambda error: self._finished(group, error))

    def _take_group(self) -> Group:
        group, self._group = self._group, Group()
        return group

    def _run_changes(self, group: Group) -> None:
        """Run waiting changes, in order: at least one, more until the deadline."""
        deadline = time.monotonic() + _GROUP_SECONDS
        while self._changes:
            change = self._changes.pop(0)
            group.changes.append(change)
            change.run(self._writer, self._write_driver, group.rows)
            if time.monotonic() > deadline:
                return

    def _finished(self, group: Group, error: BaseException | None) -> None:
        """Tell everyone in a group how it ended, and begin the next."""
        changed = {account for change in group.changes for account in change.changed_accounts}
        if changed and error is None:
            for change in group.changes:
                # Only the next one in the count: between them another process has changed something else.
                if change.generation == self._generation + 1:
                    self._generation += 1
            self._drop(changed)
        for change in group.changes:
            change.finish(error)
        for waiter in group.waiters:
            if waiter.cancelled():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
        if self._changes or self._group.waiters:
            self._gather()
            return
        self._busy = False
        if self._idle is not None:
            self._idle.set_result(None)

    def _drop(self, accounts: set[str] | None) -> None:
        for drop in self._drops:
            drop(accounts)

    def _read_generation(self) -> int:
        generation: int = self._read_driver.execute(_GENERATION).fetchone()[0]
        return generation


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _is_locked(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorname.startswith("SQLITE_BUSY")
