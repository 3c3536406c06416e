"""The trail."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table

from keywright.store.tables.schema import metadata, text

events: Final = Table(
    "events",
    metadata,
    Column("account_id", text(12), primary_key=True),
    Column("region", text(), primary_key=True),
    Column("event_id", text(36), primary_key=True),
    Column("event_source", text(), nullable=False),
    Column("event_name", text(), nullable=False),
    Column("user_name", text()),
    Column("access_key_id", text()),
    Column("read_only", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index(
        "ix_events_lookup",
        *("account_id", "region", "event_id"),
        *("event_name", "user_name", "access_key_id", "event_source", "read_only"),
    ),
    sqlite_with_rowid=False,
)
"""
CloudTrail's records, each account's and region's in a row of their own.

An event's id begins with its time (UUID version 7), so that it is order, time and identity in one. Table and index both
grow at their end only: an index by user or by key would touch a page of its own for each event, and every call of the
server writes an event. A lookup reads the index, a tenth as wide as the table.
"""

event_resources: Final = Table(
    "event_resources",
    metadata,
    Column("account_id", text(12), primary_key=True),
    Column("region", text(), primary_key=True),
    Column("resource_name", text(), primary_key=True),
    Column("event_id", text(36), primary_key=True),
    Column("resource_type", text(), primary_key=True),
    Index(None, "account_id", "region", "resource_type", "event_id"),
    Index(None, "account_id", "region", "event_id"),
    sqlite_with_rowid=False,
)
"""What an event was about. It outlives nothing: events and their resources are pruned by the same ids."""
