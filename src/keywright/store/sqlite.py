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

from keywright.store.tables import identity_generation
from keywright.store.transaction import (
    Additions,
    AdditionWriter,
    DropCaches,
    EventRow,
    KeyUseRow,
    Transaction,
)

T = TypeVar("T")

_GROUP_SECONDS: Final = 0.02
"""How long a group may run on the loop before it commits; what is left goes into the next."""
_GATHER_SECONDS: Final = 0.002
"""How long a group may wait while more work keeps coming; an idle loop commits at once."""
_ASIDE_THREADS: Final = 2
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
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "busy_timeout = 0",
            "synchronous = FULL",
            "foreign_keys = ON",
            "wal_autocheckpoint = 4000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


class SqliteStore:
    """A `Store` on one SQLite file, for one event loop."""

    def __init__(self, path: Path) -> None:
        self._engine: Final = sqlite_engine(path)
        self._reader: Final = self._engine.connect()
        self._writer: Final = self._engine.connect()
        # What only steers a transaction goes to the driver itself: SQLAlchemy would take longer than SQLite.
        self._read_driver: Final = _driver(self._reader)
        self._write_driver: Final = _driver(self._writer)
        self._additions: Final = AdditionWriter(self._engine.dialect)
        self._committer: Final = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._aside: Final = ThreadPoolExecutor(_ASIDE_THREADS, thread_name_prefix="read")
        self._waiting: list[_Work] = []
        self._waiting_since = 0.0
        self._busy = False
        self._idle: asyncio.Future[None] | None = None
        self._drops: Final[list[DropCaches]] = []
        self._generation = self._read_generation(self._reader)

    async def read(self, work: Callable[[Connection], T], /) -> T:
        """Run work at once on the reading connection: SQLite answers in microseconds."""
        self._read_driver.execute("BEGIN")
        try:
            return work(self._reader)
        finally:
            self._read_driver.execute("COMMIT")

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
        result: T = await self._queue(_Change(work))
        return result

    async def add(self, event: EventRow, key_use: KeyUseRow | None, /) -> None:
        """Queue an event for the next group."""
        await self._queue(_Event(event, key_use))

    def on_identity_change(self, drop: DropCaches, /) -> None:
        """Register a cache."""
        self._drops.append(drop)

    async def refresh(self) -> None:
        """Compare the generation with the last one seen."""
        generation = self._read_generation(self._reader)
        if generation != self._generation:
            self._generation = generation
            self._drop(None)

    async def close(self) -> None:
        """Let the last group commit, then close both connections (which folds the log into the file)."""
        if self._busy or self._waiting:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle
        self._committer.shutdown()
        self._aside.shutdown()
        self._reader.close()
        self._writer.close()

    def _queue(self, work: _Work) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        work.done = loop.create_future()
        self._waiting.append(work)
        if not self._busy:
            # The rest of this turn of the loop may bring more requests: they join the group.
            self._busy = True
            self._gather()
        return work.done

    def _gather(self) -> None:
        """Begin a group; each turn of the loop that brings more work lets it grow."""
        self._waiting_since = time.monotonic()
        asyncio.get_running_loop().call_soon(self._gather_on, 0)

    def _gather_on(self, seen: int) -> None:
        waiting = len(self._waiting)
        if waiting == seen or time.monotonic() - self._waiting_since > _GATHER_SECONDS:
            self._run_group()
        else:
            asyncio.get_running_loop().call_soon(self._gather_on, waiting)

    def _run_group(self) -> None:
        """Run what waits in one transaction and send its commit to the disk."""
        loop = asyncio.get_running_loop()
        try:
            self._write_driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if _is_locked(error) and time.monotonic() - self._waiting_since < _LOCK_SECONDS:
                loop.call_later(_RETRY_SECONDS, self._run_group)
            else:
                waiting, self._waiting = self._waiting, []
                self._fail(waiting, error)
                self._next_group()
            return
        rows = Additions.none()
        group: list[_Work] = self._waiting
        try:
            count = self._run_until(time.monotonic() + _GROUP_SECONDS)
            group, self._waiting = group[:count], group[count:]
            for work in group:
                work.collect(rows)
            self._additions.write(self._write_driver.executemany, rows)
        except (DBAPIError, sqlite3.Error) as error:
            self._rollback()
            self._fail(group, error)
            self._waiting = [work for work in self._waiting if work not in group]
            self._next_group()
            return
        loop.run_in_executor(self._committer, self._commit).add_done_callback(
            lambda commit: self._committed(group, commit.exception())
        )

    def _run_until(self, deadline: float) -> int:
        """Run waiting work, in order, and count how much of it: at least one, more until the deadline."""
        for count, work in enumerate(self._waiting, 1):
            work.run(self._writer, self._write_driver)
            if time.monotonic() > deadline:
                return count
        return len(self._waiting)

    def _commit(self) -> None:
        """Commit on the thread that may wait for the disk."""
        try:
            self._write_driver.execute("COMMIT")
        except sqlite3.Error:
            self._rollback()
            raise

    def _rollback(self) -> None:
        """Undo the group, unless SQLite has done so already (it does on a full disk)."""
        if self._write_driver.in_transaction:
            self._write_driver.execute("ROLLBACK")

    def _committed(self, group: list[_Work], error: BaseException | None) -> None:
        if error is not None:
            self._fail(group, error)
        else:
            changed = {account for work in group for account in work.changed_accounts}
            if changed:
                self._generation += sum(1 for work in group if work.changed_accounts)
                self._drop(changed)
            for work in group:
                work.finish()
        self._next_group()

    def _next_group(self) -> None:
        if self._waiting:
            self._gather()
            return
        self._busy = False
        if self._idle is not None:
            self._idle.set_result(None)

    def _fail(self, group: list[_Work], error: BaseException) -> None:
        for work in group:
            work.error = error
            work.finish()

    def _drop(self, accounts: set[str] | None) -> None:
        for drop in self._drops:
            drop(accounts)

    @staticmethod
    def _read_generation(connection: Connection) -> int:
        generation: int = connection.execute(select(identity_generation.c.generation)).scalar_one()
        return generation


class _Work:
    """A place in the queue."""

    __slots__ = ("done", "error")
    changed_accounts: frozenset[str] | set[str] = frozenset()

    def __init__(self) -> None:
        self.done: asyncio.Future[Any]
        self.error: BaseException | None = None

    def run(self, connection: Connection, driver: sqlite3.Connection) -> None:
        """Do on the writing connection what this work does by itself."""

    def collect(self, rows: Additions) -> None:
        """Add this work's additions to the group's."""

    def finish(self) -> None:
        """Wake the caller, unless it went away."""
        if self.done.cancelled():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result())

    def result(self) -> Any:
        """Give what the caller gets."""


class _Event(_Work):
    __slots__ = ("_event", "_key_use")

    def __init__(self, event: EventRow, key_use: KeyUseRow | None) -> None:
        super().__init__()
        self._event = event
        self._key_use = key_use

    def collect(self, rows: Additions) -> None:
        rows.events.append(self._event)
        if self._key_use is not None:
            rows.key_uses.append(self._key_use)


class _Change(_Work):
    __slots__ = ("_result", "_transaction", "_work", "changed_accounts")

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        super().__init__()
        self.changed_accounts = frozenset()
        self._work = work
        self._result: Any = None
        self._transaction: Transaction | None = None

    def run(self, connection: Connection, driver: sqlite3.Connection) -> None:
        """Run in a savepoint of its own, so that its failure takes nobody else's work along."""
        driver.execute("SAVEPOINT work")
        transaction = Transaction(connection)
        try:
            self._result = self._work(transaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the caller
            self.error = error
            driver.execute("ROLLBACK TO work")
        else:
            self._transaction = transaction
            self.changed_accounts = transaction.changed_accounts
        driver.execute("RELEASE work")

    def collect(self, rows: Additions) -> None:
        if self._transaction is not None:
            rows.take(self._transaction.additions)

    def result(self) -> Any:
        return self._result


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _is_locked(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorname.startswith("SQLITE_BUSY")
