"""Delete many rows a few at a time, so that the writer is free in between."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_


def delete_some(connection: Connection, table: Table, *conditions: ColumnElement[bool], limit: int) -> int:
    """Delete at most `limit` of the rows that meet the conditions; return how many."""
    key = list(table.primary_key.columns)
    chosen = select(*key).where(*conditions).limit(limit)
    return connection.execute(delete(table).where(tuple_(*key).in_(chosen))).rowcount
