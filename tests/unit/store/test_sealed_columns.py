"""The list of sealed columns is that of the schema."""

from __future__ import annotations

from keywright.store.sealed_columns import SEALED_COLUMNS
from keywright.store.tables import metadata


def test_every_sealed_column_is_listed() -> None:
    """A column is sealed if its name begins so; what copies, checks or seals a store again knows each."""
    named = {column for table in metadata.sorted_tables for column in table.columns if column.name.startswith("sealed")}
    assert {one.column for one in SEALED_COLUMNS} == named
    assert all(one.key.table is one.column.table and one.key.primary_key for one in SEALED_COLUMNS)
