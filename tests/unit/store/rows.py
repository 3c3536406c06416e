"""Rows that the store's tests write and look for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from keywright.store.tables import access_keys, accounts, event_resources, events
from keywright.store.transaction import EventRow, ResourceRow, Transaction

ACCOUNT = "111122223333"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEY = "AKIA" + "Q" * 16


def event_row(number: int) -> EventRow:
    """Make an event."""
    event_id = f"00000000-0000-7000-8000-{number:012x}"
    return (ACCOUNT, "us-east-1", event_id, "iam.amazonaws.com", "GetUser", "alice", KEY, True, b"{}")


def resource_row(number: int) -> ResourceRow:
    """Make an event's resource."""
    return (ACCOUNT, "us-east-1", "alice", f"00000000-0000-7000-8000-{number:012x}", "AWS::IAM::User")


def add_account(connection: Connection, account_id: str = ACCOUNT) -> None:
    """Insert an account."""
    connection.execute(
        insert(accounts).values(
            account_id=account_id,
            canonical_id="0" * 64,
            root_email=f"{account_id}@example.com",
            root_password_hash="-",
            created_at=NOW,
        )
    )


def add_key(connection: Connection) -> None:
    """Insert a root user's access key."""
    connection.execute(
        insert(access_keys).values(
            access_key_id=KEY, account_id=ACCOUNT, user_id=None, sealed_secret=b"-", status="Active", created_at=NOW
        )
    )


def account_ids(connection: Connection) -> set[str]:
    """List the accounts."""
    return set(connection.execute(select(accounts.c.account_id)).scalars())


def counts(connection: Connection) -> tuple[int, int]:
    """Count events and their resources."""
    return (
        connection.execute(select(func.count()).select_from(events)).scalar_one(),
        connection.execute(select(func.count()).select_from(event_resources)).scalar_one(),
    )


def adding(number: int, *, fails: bool = False) -> Callable[[Transaction], int]:
    """Make work that adds an account with an event and its resource, and that may fail after it."""

    def work(transaction: Transaction) -> int:
        add_account(transaction.connection, f"{number:012d}")
        transaction.additions.events.append(event_row(number))
        transaction.additions.resources.append(resource_row(number))
        if fails:
            raise LookupError(number)
        return number

    return work
