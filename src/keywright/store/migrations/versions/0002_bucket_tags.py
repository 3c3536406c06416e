"""Tags of buckets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.String:
    """Make the type of a text that is sorted by its code points."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "bucket_tags",
        sa.Column("bucket_name", text(), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["bucket_name"], ["buckets.bucket_name"], name=op.f("fk_bucket_tags_bucket_name"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bucket_name", "tag_key", name=op.f("pk_bucket_tags")),
    )
