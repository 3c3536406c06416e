"""IAM users and what is theirs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from keywright.store.tables.entities import attachments_table, bounded_index, inline_policies_table, tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

users: Final = Table(
    "users",
    metadata,
    Column("user_id", text(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("user_name", text(64), nullable=False),
    Column("user_name_key", text(64), nullable=False),
    Column("path", text(512), nullable=False),
    Column("permissions_boundary_arn", text()),
    Column("created_at", Moment, nullable=False),
    Column("password_last_used", Moment),
    UniqueConstraint("account_id", "user_name_key"),
    bounded_index(),
)

user_tags: Final = tags_table("user_tags", "users.user_id")

access_keys: Final = Table(
    "access_keys",
    metadata,
    Column("access_key_id", text(20), primary_key=True),
    owned_by("accounts.account_id"),
    owned_by("users.user_id", nullable=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("status", text(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("last_used_service", text()),
    Column("last_used_region", text()),
    Index(None, "user_id"),
)
"""A row without a user is a root user's key."""

user_policies: Final = inline_policies_table("user_policies", "users.user_id")
user_policy_attachments: Final = attachments_table("user_policy_attachments", "users.user_id")
