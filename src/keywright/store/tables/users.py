"""IAM users and what is theirs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table, Text, UniqueConstraint

from keywright.store.tables.schema import Moment, metadata, owned_by

users: Final = Table(
    "users",
    metadata,
    Column("user_id", String(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("user_name", String(64), nullable=False),
    Column("user_name_key", String(64), nullable=False),
    Column("path", String(512), nullable=False),
    Column("permissions_boundary_arn", String, index=True),
    Column("created_at", Moment, nullable=False),
    Column("password_last_used", Moment),
    UniqueConstraint("account_id", "user_name_key"),
)

user_tags: Final = Table(
    "user_tags",
    metadata,
    owned_by("users.user_id", primary_key=True),
    Column("tag_key_key", String(128), primary_key=True),
    Column("tag_key", String(128), nullable=False),
    Column("tag_value", String(256), nullable=False),
)

login_profiles: Final = Table(
    "login_profiles",
    metadata,
    owned_by("users.user_id", primary_key=True),
    Column("password_hash", String, nullable=False),
    Column("password_reset_required", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

access_keys: Final = Table(
    "access_keys",
    metadata,
    Column("access_key_id", String(20), primary_key=True),
    owned_by("accounts.account_id"),
    owned_by("users.user_id", nullable=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("status", String(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("last_used_service", String),
    Column("last_used_region", String),
    Index(None, "user_id"),
)
"""A row without a user is a root user's key."""

user_policies: Final = Table(
    "user_policies",
    metadata,
    owned_by("users.user_id", primary_key=True),
    Column("policy_name_key", String(128), primary_key=True),
    Column("policy_name", String(128), nullable=False),
    Column("document", Text, nullable=False),
)

user_policy_attachments: Final = Table(
    "user_policy_attachments",
    metadata,
    owned_by("users.user_id", primary_key=True),
    Column("policy_arn", String, primary_key=True),
    Column("attached_at", Moment, nullable=False),
    Index(None, "policy_arn"),
)
"""By ARN and not by id: AWS's own policies are attached too, and have no row here."""
