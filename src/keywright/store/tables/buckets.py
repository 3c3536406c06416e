"""S3 buckets."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Table, Text

from keywright.store.tables.schema import Moment, metadata, owned_by, text

buckets: Final = Table(
    "buckets",
    metadata,
    Column("bucket_name", text(63), primary_key=True),
    owned_by("accounts.account_id"),
    Column("region", text(), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("policy", Text),
    Index(None, "account_id"),
)

bucket_tags: Final = Table(
    "bucket_tags",
    metadata,
    owned_by("buckets.bucket_name", primary_key=True),
    Column("tag_key", text(128), primary_key=True),
    Column("tag_value", text(256), nullable=False),
)
"""Unlike IAM's, their keys differ by case too."""
