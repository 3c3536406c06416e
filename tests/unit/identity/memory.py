"""A store for the directory's tests: SQLite in memory, with a hand on what happens around a read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event, insert
from sqlalchemy.pool import StaticPool

from keywright.aws.secret import Secret
from keywright.identity.accounts import NewAccount, PasswordHashes, insert_account
from keywright.store.sealing import Sealer
from keywright.store.tables import identity_generation, metadata
from keywright.store.transaction import DropCaches, EventRow, KeyUseRow, ServiceUseRow, Transaction

T = TypeVar("T")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


class MemoryStore:
    """A store of one connection, which counts its reads."""

    def __init__(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA foreign_keys = ON").close()

        metadata.create_all(engine)
        self._engine = engine
        self._drops: list[DropCaches] = []
        self.reads = 0
        self.after_read: Callable[[], None] = lambda: None
        with engine.begin() as connection:
            connection.execute(insert(identity_generation).values(generation=0))

    async def read(self, work: Callable[[Connection], T], /) -> T:
        """Read, then let happen what the test wants to."""
        self.reads += 1
        with self._engine.connect() as connection:
            result = work(connection)
        self.after_read()
        return result

    async def read_aside(self, work: Callable[[Connection], T], /) -> T:
        """Read."""
        return await self.read(work)

    async def write(self, work: Callable[[Transaction], T], /) -> T:
        """Write, then tell the caches."""
        with self._engine.begin() as connection:
            transaction = Transaction(connection)
            result = work(transaction)
        if transaction.changed_accounts:
            self.drop(transaction.changed_accounts)
        return result

    async def add(
        self, event: EventRow, key_use: KeyUseRow | None, service_use: ServiceUseRow | None = None, /
    ) -> None:
        """Add nothing: the directory does not."""
        raise NotImplementedError

    def on_identity_change(self, drop: DropCaches, /) -> None:
        """Register a cache."""
        self._drops.append(drop)

    def drop(self, accounts: Iterable[str] | None) -> None:
        """Tell the caches of a change."""
        for one in self._drops:
            one(accounts)

    def is_in_place(self) -> bool:
        """Be where it is."""
        return True

    async def refresh(self) -> None:
        """Find that another process changed something."""
        self.drop(None)

    async def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()


def add_account(connection: Connection, sealer: Sealer, account_id: str, access_key_id: str) -> None:
    """Insert an account with an administrator whose key is known."""
    account = NewAccount(
        account_id,
        None,
        f"{account_id}@example.com",
        Secret("-"),
        "admin",
        Secret("-"),
        access_key_id,
        Secret(SECRET),
    )
    insert_account(connection, sealer, account, PasswordHashes("-", "-"), NOW)
