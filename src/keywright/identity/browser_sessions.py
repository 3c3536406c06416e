"""
The sessions of people who signed in with a browser.

A session is known by a random token in a cookie, of which only the hash is kept. It belongs to a user, or an account's
root user, and to the password that it began with: another password ends it, and so does sign-out, an hour without use,
and half a day in any case.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select, update

from keywright.aws.identifiers import random_hex
from keywright.aws.secret import Secret
from keywright.identity.password_holders import PasswordHolder, find_holder
from keywright.store.batches import delete_some
from keywright.store.tables import browser_sessions

LIFETIME: Final = timedelta(hours=12)
"""AWS: "by default, console sessions expire after 12 hours" (User Guide, "How IAM users sign in")."""
IDLE: Final = timedelta(hours=1)
CHANGE_LIFETIME: Final = timedelta(minutes=10)
"""How long a person may think about the new password that sign-in asks for."""
_TOKEN_BYTES: Final = 32


class BrowserSession(NamedTuple):
    """A session that is alive, and whose it is."""

    session_id: str
    holder: PasswordHolder
    mfa_serial_number: str | None
    """The MFA device whose code was shown; None where none was."""
    must_change_password: bool
    """Whether it is good for nothing but to set a new password."""
    began_at: datetime
    expires_at: datetime


def begin_session(
    connection: Connection,
    holder: PasswordHolder,
    now: datetime,
    mfa_serial_number: str | None,
    *,
    must_change_password: bool = False,
) -> Secret:
    """Begin a session for somebody whose password was right; give its token, which is nowhere else to be had."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    connection.execute(
        insert(browser_sessions).values(
            session_id=random_hex(),
            token_hash=_hash(token),
            account_id=holder.account_id,
            user_id=holder.user_id,
            password_generation=holder.password_generation,
            mfa_serial_number=mfa_serial_number,
            must_change_password=must_change_password,
            created_at=now,
            last_used_at=now,
            expires_at=now + (CHANGE_LIFETIME if must_change_password else LIFETIME),
        )
    )
    return Secret(token)


def find_session(connection: Connection, token: str, now: datetime) -> BrowserSession | None:
    """Find the session of a token; None for one that was never begun, or has ended in whatever way."""
    row = connection.execute(
        select(browser_sessions).where(browser_sessions.c.token_hash == _hash(token))
    ).one_or_none()
    if row is None or now >= row.expires_at or now >= row.last_used_at + IDLE:
        return None
    holder = find_holder(connection, row.account_id, row.user_id)
    if holder is None or holder.password_generation != row.password_generation:
        return None
    return BrowserSession(
        row.session_id, holder, row.mfa_serial_number, row.must_change_password, row.created_at, row.expires_at
    )


def is_signed_in(connection: Connection, session_id: str) -> bool:
    """
    Tell whether a session has neither been ended nor outlived its password.

    Not whether its time is up: its credentials, which ask, end before it.
    """
    row = connection.execute(
        select(browser_sessions.c.account_id, browser_sessions.c.user_id, browser_sessions.c.password_generation).where(
            browser_sessions.c.session_id == session_id
        )
    ).one_or_none()
    if row is None:
        return False
    holder = find_holder(connection, row.account_id, row.user_id)
    return holder is not None and holder.password_generation == row.password_generation


def note_use(connection: Connection, session_id: str, now: datetime) -> None:
    """Begin a session's idle time anew."""
    connection.execute(
        update(browser_sessions).where(browser_sessions.c.session_id == session_id).values(last_used_at=now)
    )


def keep_session(connection: Connection, session_id: str) -> None:
    """Let a session outlive the password that it began with: it was by this session that the password was changed."""
    row = connection.execute(
        select(browser_sessions.c.account_id, browser_sessions.c.user_id).where(
            browser_sessions.c.session_id == session_id
        )
    ).one_or_none()
    holder = None if row is None else find_holder(connection, row.account_id, row.user_id)
    if holder is not None:
        connection.execute(
            update(browser_sessions)
            .where(browser_sessions.c.session_id == session_id)
            .values(password_generation=holder.password_generation)
        )


def end_session(connection: Connection, token: str) -> str | None:
    """End the session of a token, and give the account whose credentials end with it; None where there is none."""
    where = browser_sessions.c.token_hash == _hash(token)
    account_id: str | None = connection.execute(select(browser_sessions.c.account_id).where(where)).scalar_one_or_none()
    if account_id is not None:
        connection.execute(delete(browser_sessions).where(where))
    return account_id


def prune_sessions(connection: Connection, now: datetime, limit: int) -> int:
    """Forget at most `limit` sessions whose time is up; return how many."""
    over = or_(browser_sessions.c.expires_at < now, browser_sessions.c.last_used_at < now - IDLE)
    return delete_some(connection, browser_sessions, over, limit=limit)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
