"""When the store was last written to see that it can be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, with its row."""
    heartbeat = op.create_table(
        "heartbeat",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_heartbeat")),
    )
    op.bulk_insert(heartbeat, [{"only": 1, "beat_at": 0}])
