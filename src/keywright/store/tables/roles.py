"""Roles and what is theirs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from keywright.store.tables.entities import attachments_table, bounded_index, inline_policies_table, tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

roles: Final = Table(
    "roles",
    metadata,
    Column("role_id", text(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("role_name", text(64), nullable=False),
    Column("role_name_key", text(64), nullable=False),
    Column("path", text(512), nullable=False),
    Column("trust_policy", Text, nullable=False),
    Column("description", text(1000)),
    Column("max_session_duration_seconds", Integer, nullable=False),
    Column("permissions_boundary_arn", text()),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("last_used_region", text()),
    UniqueConstraint("account_id", "role_name_key"),
    bounded_index(),
)
"""A path below `/aws-service-role/` is what makes a role service-linked."""

role_tags: Final = tags_table("role_tags", "roles.role_id")
role_policies: Final = inline_policies_table("role_policies", "roles.role_id")
role_policy_attachments: Final = attachments_table("role_policy_attachments", "roles.role_id")

service_linked_role_deletions: Final = Table(
    "service_linked_role_deletions",
    metadata,
    Column("deletion_task_id", text(512), primary_key=True),
    owned_by("accounts.account_id"),
    Column("status", text(16), nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""The tasks that DeleteServiceLinkedRole answers with; the role itself is gone when its task is made."""
