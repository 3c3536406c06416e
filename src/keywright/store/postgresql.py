"""
PostgreSQL: where one machine is outgrown. Any number of server processes share one database.

Each call is a transaction of its own, serialisable, and run again when it conflicts with another's. The driver waits
for the network on threads, so that the event loop does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import Buffer
from psycopg.types.string import StrDumper
from sqlalchemy import URL, Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError

from keywright.store.tables import identity_generation
from keywright.store.transaction import (
    Additions,
    AdditionWriter,
    DropCaches,
    EventRow,
    KeyUseRow,
    ServiceUseRow,
    Transaction,
)

T = TypeVar("T")

_CONNECTIONS: Final = 16
_ATTEMPTS: Final = 50
_CONFLICTS: Final = frozenset({"40001", "40P01", "23503", "23505"})
"""
SQLSTATE of what is run again: a serialisation failure, a deadlock, and a row that another made or deleted meanwhile.

Such a row is seen the next time, and what does not see it even then fails for good. PostgreSQL: "In some cases it is
also appropriate to retry unique-key failures" (documentation, "Serialization Failure Handling").
"""
_QUEUE: Final = f"LOCK TABLE {identity_generation.name} IN SHARE ROW EXCLUSIVE MODE"
"""
Lets changes wait for each other, in the order of their coming, before they look at anything.

Nearly all of them count up the one row of that table, so that of two at once one would have to be run again: among
sixteen, some for ever. LOCK takes no snapshot; readers, and events alone, do not wait.
"""


def postgresql_engine(url: URL) -> Engine:
    """Make an engine whose transactions are serialisable."""
    engine = create_engine(
        url,
        isolation_level="SERIALIZABLE",
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "keywright"},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: psycopg.Connection, _record: Any) -> None:
        connection.adapters.register_dumper(str, _TextDumper)

    return engine


class _TextDumper(StrDumper):
    """
    Writes text without NUL, which PostgreSQL cannot hold.

    Nothing that is stored has one: names, tags and documents are checked. A question may, and then finds nothing.
    """

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


class PostgresqlStore:
    """A `Store` on a PostgreSQL database, or on what speaks its wire."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Final = engine
        self._threads: Final = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="postgresql")
        self._additions: Final = AdditionWriter(engine.dialect)
        self._drops: Final[list[DropCaches]] = []
        self._generation = self._read_generation()

    async def read(self, work: Callable[[Connection], T], /) -> T:
        """Run work in a read-only transaction."""
        return await self._on_thread(lambda: self._read(work))

    async def read_aside(self, work: Callable[[Connection], T], /) -> T:
        """Do the same: each read has a thread and a connection anyway."""
        return await self.read(work)

    async def write(self, work: Callable[[Transaction], T], /) -> T:
        """Run work in a transaction of its own, again when it conflicts."""
        result, transaction = await self._on_thread(lambda: self._retry(work, first=_QUEUE))
        if transaction.changed_accounts:
            # Only the next one in the count: between them another process has changed something else.
            if transaction.generation == self._generation + 1:
                self._generation += 1
            self._drop(transaction.changed_accounts)
        return result

    async def add(
        self, event: EventRow, key_use: KeyUseRow | None, service_use: ServiceUseRow | None = None, /
    ) -> None:
        """Commit one event."""
        rows = Additions(
            [event], [], [] if key_use is None else [key_use], [] if service_use is None else [service_use]
        )
        await self._on_thread(lambda: self._retry(lambda transaction: transaction.additions.take(rows)))

    def on_identity_change(self, drop: DropCaches, /) -> None:
        """Register a cache."""
        self._drops.append(drop)

    def is_in_place(self) -> bool:
        """Return true: a database server looks after its own files."""
        return True

    async def refresh(self) -> None:
        """Compare the generation with the last one seen."""
        generation = await self._on_thread(self._read_generation)
        if generation != self._generation:
            self._generation = generation
            self._drop(None)

    async def close(self) -> None:
        """Let what is under way finish, then close the pool."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self._engine.dispose()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        # A snapshot is all that a reader needs; a serialisable one could be refused for what others write.
        with self._engine.connect() as connection:
            return work(connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True))

    def _retry(self, work: Callable[[Transaction], T], first: str | None = None) -> tuple[T, Transaction]:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._write(work, first)
            except DBAPIError as error:
                if attempt == _ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _CONFLICTS:
                    raise
        raise AssertionError("unreachable")

    def _write(self, work: Callable[[Transaction], T], first: str | None) -> tuple[T, Transaction]:
        with self._engine.begin() as connection:
            if first is not None:
                connection.exec_driver_sql(first)
            transaction = Transaction(connection)
            result = work(transaction)
            self._additions.write(connection.exec_driver_sql, transaction.additions)
            return result, transaction

    def _read_generation(self) -> int:
        def read(connection: Connection) -> int:
            generation: int = connection.execute(select(identity_generation.c.generation)).scalar_one()
            return generation

        return self._read(read)

    def _drop(self, accounts: set[str] | None) -> None:
        for drop in self._drops:
            drop(accounts)
