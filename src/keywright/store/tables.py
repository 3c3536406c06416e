"""
The schema, one for SQLite and PostgreSQL.

Moments are whole milliseconds since 1970 (UTC). Names that AWS compares without case stand twice: as given, and folded
in a `…_key` column, which carries the uniqueness. What must not be read at rest is sealed (`sealing`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def to_milliseconds(moment: datetime) -> int:
    """Count whole milliseconds from 1970 to a moment."""
    return round(moment.timestamp() * 1000)


def from_milliseconds(milliseconds: int) -> datetime:
    """Give the moment (aware, UTC) that many milliseconds after 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as milliseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write."""
        del dialect
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read."""
        del dialect
        return None if value is None else from_milliseconds(value)


def _owned_by(column: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """Refer to a row that takes its dependants along when it goes."""
    return Column(
        column.split(".")[1], String, ForeignKey(column, ondelete="CASCADE"), primary_key=primary_key, nullable=nullable
    )


accounts: Final = Table(
    "accounts",
    metadata,
    Column("account_id", String(12), primary_key=True),
    Column("canonical_id", String(64), nullable=False),
    Column("root_email", String, nullable=False, unique=True),
    Column("root_password_hash", String, nullable=False),
    Column("created_at", Moment, nullable=False),
)

account_aliases: Final = Table(
    "account_aliases",
    metadata,
    Column("alias", String(63), primary_key=True),
    Column(
        "account_id", String(12), ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False, unique=True
    ),
)

users: Final = Table(
    "users",
    metadata,
    Column("user_id", String(21), primary_key=True),
    _owned_by("accounts.account_id"),
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
    _owned_by("users.user_id", primary_key=True),
    Column("tag_key_key", String(128), primary_key=True),
    Column("tag_key", String(128), nullable=False),
    Column("tag_value", String(256), nullable=False),
)

login_profiles: Final = Table(
    "login_profiles",
    metadata,
    _owned_by("users.user_id", primary_key=True),
    Column("password_hash", String, nullable=False),
    Column("password_reset_required", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

access_keys: Final = Table(
    "access_keys",
    metadata,
    Column("access_key_id", String(20), primary_key=True),
    _owned_by("accounts.account_id"),
    _owned_by("users.user_id", nullable=True),
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
    _owned_by("users.user_id", primary_key=True),
    Column("policy_name_key", String(128), primary_key=True),
    Column("policy_name", String(128), nullable=False),
    Column("document", Text, nullable=False),
)

policies: Final = Table(
    "policies",
    metadata,
    Column("policy_id", String(21), primary_key=True),
    _owned_by("accounts.account_id"),
    Column("policy_name", String(128), nullable=False),
    Column("policy_name_key", String(128), nullable=False),
    Column("path", String(512), nullable=False),
    Column("arn", String, nullable=False, unique=True),
    Column("description", String(1000), nullable=False),
    Column("default_version", Integer, nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("account_id", "policy_name_key"),
)

policy_versions: Final = Table(
    "policy_versions",
    metadata,
    _owned_by("policies.policy_id", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

policy_tags: Final = Table(
    "policy_tags",
    metadata,
    _owned_by("policies.policy_id", primary_key=True),
    Column("tag_key_key", String(128), primary_key=True),
    Column("tag_key", String(128), nullable=False),
    Column("tag_value", String(256), nullable=False),
)

user_policy_attachments: Final = Table(
    "user_policy_attachments",
    metadata,
    _owned_by("users.user_id", primary_key=True),
    Column("policy_arn", String, primary_key=True),
    Column("attached_at", Moment, nullable=False),
    Index(None, "policy_arn"),
)
"""By ARN and not by id: AWS's own policies are attached too, and have no row here."""

buckets: Final = Table(
    "buckets",
    metadata,
    Column("bucket_name", String(63), primary_key=True),
    _owned_by("accounts.account_id"),
    Column("region", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "account_id"),
)

events: Final = Table(
    "events",
    metadata,
    Column("account_id", String(12), primary_key=True),
    Column("region", String, primary_key=True),
    Column("event_id", String(36), primary_key=True),
    Column("event_source", String, nullable=False),
    Column("event_name", String, nullable=False),
    Column("user_name", String),
    Column("access_key_id", String),
    Column("read_only", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index(None, "account_id", "region", "event_name", "event_id"),
    Index(None, "account_id", "region", "user_name", "event_id"),
    Index(None, "account_id", "region", "access_key_id", "event_id"),
    sqlite_with_rowid=False,
)
"""
CloudTrail's records, each account's and region's in a row of their own.

An event's id begins with its time (UUID version 7), so that it is order, time and identity in one.
"""

event_resources: Final = Table(
    "event_resources",
    metadata,
    Column("account_id", String(12), primary_key=True),
    Column("region", String, primary_key=True),
    Column("resource_name", String, primary_key=True),
    Column("event_id", String(36), primary_key=True),
    Column("resource_type", String, primary_key=True),
    Index(None, "account_id", "region", "resource_type", "event_id"),
    Index(None, "account_id", "region", "event_id"),
    sqlite_with_rowid=False,
)
"""What an event was about. It outlives nothing: events and their resources are pruned by the same ids."""

identity_generation: Final = Table(
    "identity_generation", metadata, Column("generation", BigInteger, primary_key=True, autoincrement=False)
)
"""One row, counted up by each change to who may do what: other processes drop their caches when it moves."""
