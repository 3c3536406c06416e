"""Have a store alone: no server serves it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from keywright.store.existing import AdministrationError
from keywright.store.tables import heartbeat

_BEATS_SECONDS: Final = 7.0
"""A server writes its heartbeat every two seconds, or has tried for four."""
_LOOK_SECONDS: Final = 0.25


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[Connection]:
    """
    Give the one connection to a store, in a transaction; commit it, or roll it back where the work fails.

    SQLite locks the file against every other process, so that no server can start either. A PostgreSQL database may be
    served from anywhere: what tells of a server there is its heartbeat, and then its writes are kept out.

    Raises: AdministrationError where the store is in use.
    """
    if engine.dialect.name == "sqlite":
        with _alone_in_file(engine, name) as connection:
            yield connection
        return
    _watch(engine, name)
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("LOCK TABLE heartbeat, identity_generation, events IN SHARE ROW EXCLUSIVE MODE")
        yield connection


@contextmanager
def _alone_in_file(engine: Engine, name: str) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
        try:
            # What has another connection to the file keeps it from being given up as a log.
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            raise AdministrationError(f"{name} is in use: stop its server first (and any other command)") from error
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _watch(engine: Engine, name: str) -> None:
    def beat() -> object:
        with engine.connect() as connection:
            return connection.execute(select(heartbeat.c.beat_at)).scalar()

    first, deadline = beat(), time.monotonic() + _BEATS_SECONDS
    while time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
        if beat() != first:
            raise AdministrationError(f"{name} is being served: stop every server of it first")
