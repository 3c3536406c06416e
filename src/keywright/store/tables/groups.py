"""Groups, who is in them, and what is theirs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Table, UniqueConstraint

from keywright.store.tables.entities import attachments_table, inline_policies_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

groups: Final = Table(
    "groups",
    metadata,
    Column("group_id", text(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("group_name", text(128), nullable=False),
    Column("group_name_key", text(128), nullable=False),
    Column("path", text(512), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account_id", "group_name_key"),
)

group_memberships: Final = Table(
    "group_memberships",
    metadata,
    owned_by("groups.group_id", primary_key=True),
    owned_by("users.user_id", primary_key=True),
    Index(None, "user_id"),
)

group_policies: Final = inline_policies_table("group_policies", "groups.group_id")
group_policy_attachments: Final = attachments_table("group_policy_attachments", "groups.group_id")
