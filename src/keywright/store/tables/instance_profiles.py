"""Instance profiles: what carries a role to an EC2 instance."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint

from keywright.store.tables.entities import tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

instance_profiles: Final = Table(
    "instance_profiles",
    metadata,
    Column("instance_profile_id", text(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("instance_profile_name", text(128), nullable=False),
    Column("instance_profile_name_key", text(128), nullable=False),
    Column("path", text(512), nullable=False),
    Column("role_id", text(), ForeignKey("roles.role_id", ondelete="SET NULL"), index=True),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account_id", "instance_profile_name_key"),
)
"""One role at the most in each."""

instance_profile_tags: Final = tags_table("instance_profile_tags", "instance_profiles.instance_profile_id")
