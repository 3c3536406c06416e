"""
What the tables are made with.

Moments are whole milliseconds since 1970 (UTC). Names that AWS compares without case stand twice: as given, and folded
in a `…_key` column, which carries the uniqueness. What must not be read at rest is sealed (`store.sealing`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, MetaData, String, TypeDecorator

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


def text(length: int | None = None) -> String:
    """Make the type of a text that is compared and sorted by its code points, whatever the database's collation."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def owned_by(column: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """Refer to a row that takes its dependants along when it goes."""
    return Column(
        column.split(".")[1], text(), ForeignKey(column, ondelete="CASCADE"), primary_key=primary_key, nullable=nullable
    )
