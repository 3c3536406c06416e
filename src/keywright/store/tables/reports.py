"""Reports about an account, and what they are made from."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, LargeBinary, Table, Text

from keywright.store.tables.schema import Moment, metadata, owned_by, text

credential_reports: Final = Table(
    "credential_reports",
    metadata,
    owned_by("accounts.account_id", primary_key=True),
    Column("requested_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("generated_at", Moment),
    Column("content", LargeBinary),
)
"""An account's latest. It is being made, by whoever claimed it, while there is no content (zlib)."""

service_uses: Final = Table(
    "service_uses",
    metadata,
    Column("account_id", text(12), primary_key=True),
    Column("principal_id", text(21), primary_key=True),
    Column("service", text(64), primary_key=True),
    Column("action", text(128), primary_key=True),
    Column("used_at", Moment, nullable=False),
    Column("region", text(), nullable=False),
    sqlite_with_rowid=False,
)
"""
When each user and role, and the root user by the account's id, last called what.

A row for each action that one ever called, and not one for each call: the trail holds those, for 90 days, and is long.
"""

last_accessed_jobs: Final = Table(
    "last_accessed_jobs",
    metadata,
    Column("job_id", text(36), primary_key=True),
    owned_by("accounts.account_id"),
    Column("requested_by", text(), nullable=False),
    Column("arn", text(), nullable=False),
    Column("granularity", text(), nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    Column("services", Text, nullable=False),
)
"""What GenerateServiceLastAccessedDetails found, as JSON in the answer's form."""
