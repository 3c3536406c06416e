"""Sign-ins by browsers: the sessions that they began, and the attempts that are counted against guessing."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table

from keywright.store.tables.schema import Moment, metadata, owned_by, text

browser_sessions: Final = Table(
    "browser_sessions",
    metadata,
    Column("session_id", text(32), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    owned_by("accounts.account_id"),
    owned_by("users.user_id", nullable=True),
    Column("password_generation", text(64), nullable=False),
    Column("mfa_serial_number", text(256)),
    Column("must_change_password", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Index(None, "account_id"),
    Index(None, "user_id"),
)
"""
A row without a user is a root user's.

`token_hash` is SHA-256 of the cookie, which is nowhere else. `session_id` is what the credentials of the session name.
`mfa_serial_number` is that of the device whose code was shown, null where none was. A session that must change its
password has no credentials: it remembers that the old password, and the code, were right.
"""

sign_in_attempts: Final = Table(
    "sign_in_attempts",
    metadata,
    Column("subject", text(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", Moment, nullable=False, index=True),
    Column("failed_before", Moment, nullable=False),
)
"""
`subject` is SHA-256 of what guesses are counted for: a name, be it anybody's or not, and an address. `failed_before` is
what `failed_at` was before the last attempt, which may yet turn out to be none that guesses.
"""
