"""Work in the background: it is done, and it does not hold up a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from keywright.identity import credential_report
from keywright.server.background import Background
from keywright.store.opening import locate, open_store
from keywright.store.tables import accounts, credential_reports, users
from keywright.store.transaction import Store

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
ACCOUNT = "123456789012"


def fill(connection: Connection) -> None:
    """Write an account of 120 users who ask for a report."""
    connection.execute(
        insert(accounts).values(
            account_id=ACCOUNT, canonical_id="c", root_email="r@x", root_password_hash="-", created_at=NOW
        )
    )
    connection.execute(
        insert(users),
        [
            {
                "user_id": f"AIDA{number:017}",
                "account_id": ACCOUNT,
                "user_name": f"u{number:03}",
                "user_name_key": f"u{number:03}",
                "path": "/",
                "created_at": NOW,
            }
            for number in range(120)
        ],
    )
    connection.execute(insert(credential_reports).values(account_id=ACCOUNT, requested_at=NOW))


async def until(store: Store, holds: Callable[[Any], bool]) -> None:
    """Wait until the report's row is as expected."""
    for _ in range(1000):
        if holds(await store.read(lambda connection: connection.execute(select(credential_reports)).one())):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it was never as expected")


def test_what_stands_in_the_store_is_done(tmp_path: Path) -> None:
    """A report that was asked for before the server started is made once it runs."""

    async def scenario() -> None:
        store, _ = open_store(locate(tmp_path / "data", None), {})
        await store.write(lambda transaction: fill(transaction.connection))
        task = asyncio.create_task(Background(store, lambda: NOW).run())
        await until(store, lambda row: row.generated_at == NOW and row.content is not None)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.close()

    asyncio.run(scenario())


def test_a_stop_does_not_wait_for_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that is under way at a stop is given up at once, and is anybody's to make after."""
    monkeypatch.setattr(credential_report, "_REST", 10**6)

    async def scenario() -> None:
        store, _ = open_store(locate(tmp_path / "data", None), {})
        await store.write(lambda transaction: fill(transaction.connection))
        task = asyncio.create_task(Background(store, lambda: NOW).run())
        await until(store, lambda row: row.claimed_at is not None)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await until(store, lambda row: row.claimed_at is None and row.generated_at is None)
        await store.close()

    asyncio.run(scenario())
