"""The schema's versions, oldest first. Forward only: a store is never taken back (`versions/` holds the steps)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, MetaData, String, Table

VERSIONS: Final = ("0001", "0002", "0003")
HEAD: Final = VERSIONS[-1]

version_table: Final = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table, as Alembic makes it."""
