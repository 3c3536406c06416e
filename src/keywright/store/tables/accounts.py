"""Accounts, and the count of changes to who may do what."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table

from keywright.store.tables.schema import Moment, metadata, owned_by, text

accounts: Final = Table(
    "accounts",
    metadata,
    Column("account_id", text(12), primary_key=True),
    Column("canonical_id", text(64), nullable=False),
    Column("root_email", text(), nullable=False, unique=True),
    Column("root_password_hash", text(), nullable=False),
    Column("root_password_last_used", Moment),
    Column("global_endpoint_token_version", Integer, nullable=False, server_default="1"),
    Column("created_at", Moment, nullable=False),
)

account_aliases: Final = Table(
    "account_aliases",
    metadata,
    Column("alias", text(63), primary_key=True),
    Column("account_id", text(12), ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False, unique=True),
)

account_properties: Final = Table(
    "account_properties",
    metadata,
    owned_by("accounts.account_id", primary_key=True),
    Column("name", text(50), primary_key=True),
    Column("value", text(1024), nullable=False),
)

master_key_check: Final = Table(
    "master_key_check",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""One row: something sealed, by which a wrong master key is known when the store is opened."""

identity_generation: Final = Table(
    "identity_generation", metadata, Column("generation", BigInteger, primary_key=True, autoincrement=False)
)
"""One row, counted up by each change to who may do what: other processes drop their caches when it moves."""
