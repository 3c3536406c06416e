"""Customer managed policies."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from keywright.store.tables.entities import tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

policies: Final = Table(
    "policies",
    metadata,
    Column("policy_id", text(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("policy_name", text(128), nullable=False),
    Column("policy_name_key", text(128), nullable=False),
    Column("path", text(512), nullable=False),
    Column("arn", text(), nullable=False, unique=True),
    Column("description", text(1000), nullable=False),
    Column("default_version", Integer, nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("account_id", "policy_name_key"),
)

policy_versions: Final = Table(
    "policy_versions",
    metadata,
    owned_by("policies.policy_id", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

policy_tags: Final = tags_table("policy_tags", "policies.policy_id")
