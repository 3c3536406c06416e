"""Whether the store can be written."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table

from keywright.store.tables.schema import Moment, metadata

heartbeat: Final = Table(
    "heartbeat",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("beat_at", Moment, nullable=False),
)
"""One row, written every few seconds by each server: a disk that takes no more is known before a caller meets it."""
