"""Credentials for one service alone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, Table, UniqueConstraint

from keywright.store.tables.schema import Moment, metadata, owned_by, text

service_specific_credentials: Final = Table(
    "service_specific_credentials",
    metadata,
    Column("credential_id", text(21), primary_key=True),
    owned_by("users.user_id"),
    Column("service_name", text(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("alias", text(200), nullable=False),
    Column("secret_digest", LargeBinary, nullable=False),
    Column("status", text(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    UniqueConstraint("user_id", "service_name", "number"),
)
"""Of the secret, 256 random bits, there is a digest only: enough to know it again, and of no use to a thief."""
