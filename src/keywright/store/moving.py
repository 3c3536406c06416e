"""Take a store from one database to another: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select

from keywright.store.existing import AdministrationError
from keywright.store.tables import heartbeat, identity_generation, metadata

_ROWS: Final = 1000
_OF_AN_EMPTY_STORE: Final = frozenset({heartbeat.name, identity_generation.name})
"""Tables whose one row the schema's migrations make."""


def refuse_filled(target: Connection, name: str) -> None:
    """
    Refuse a target that has anything in it.

    Raises: AdministrationError.
    """
    filled = [
        table.name
        for table in metadata.sorted_tables
        if table.name not in _OF_AN_EMPTY_STORE and target.execute(select(*table.primary_key).limit(1)).first()
    ]
    if filled:
        raise AdministrationError(
            f"{name} is not empty (there are rows in {', '.join(filled[:5])}): name a new database with --to"
        )


def move_rows(source: Connection, target: Connection) -> dict[str, int]:
    """
    Copy every row of every table; return how many each table has, which has been compared.

    Raises: AdministrationError.
    """
    counts: dict[str, int] = {}
    # A table comes after those that it refers to.
    for table in metadata.sorted_tables:
        if table.name in _OF_AN_EMPTY_STORE:
            target.execute(delete(table))
        for rows in _batches(source, table):
            target.execute(insert(table), rows)
        counts[str(table.name)] = _count(target, table)
        expected = _count(source, table)
        if counts[table.name] != expected:
            raise AdministrationError(
                f"{table.name} has {expected} rows in the source and {counts[table.name]} in the target: "
                "nothing was moved"
            )
    return counts


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = source.execute(select(table), execution_options={"yield_per": _ROWS}).mappings()
    found = iter(rows)
    while batch := [dict(row) for row in islice(found, _ROWS)]:
        yield batch


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
