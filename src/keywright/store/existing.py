"""Open a store that is there, without making or upgrading one: what an administrator's commands work on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, inspect, select

from keywright.store.migrations import HEAD, VERSIONS, version_table
from keywright.store.opening import Location, engine_of, in_one_line
from keywright.store.transaction import StoreError


class AdministrationError(Exception):
    """A command declines to do its work, and nothing is changed; the message says why and what to do."""


def schema_version(connection: Connection) -> str | None:
    """Return the schema's version; None where there is no store."""
    if not inspect(connection).has_table(version_table.name):
        return None
    return connection.execute(select(version_table.c.version_num)).scalar()


@contextlib.contextmanager
def existing_engine(location: Location, *, older: bool = False) -> Iterator[Engine]:
    """
    Open the engine of a store that is there and of this release's schema, or of an older one where that will do.

    Raises: StoreError; so too for whatever goes wrong with the database meanwhile.
    """
    file = location.sqlite_file
    if file is not None and not file.is_file():
        raise StoreError(f"{location} does not exist: name the folder of the store with --data")
    engine: Engine | None = None
    try:
        engine = engine_of(location)
        with engine.connect() as connection:
            version = schema_version(connection)
        refuse_version(version, str(location), older=older)
        yield engine
    except Exception as error:
        said = in_one_line(error, location)
        if said is error:
            raise
        raise said from error
    finally:
        if engine is not None:
            engine.dispose()


def refuse_version(version: str | None, name: str, *, older: bool) -> None:
    """
    Refuse a schema that cannot be worked on.

    Raises: StoreError.
    """
    if version is None:
        raise StoreError(f"{name} holds no store of Keywright's")
    if version not in VERSIONS:
        raise StoreError(f"{name} was written by a newer Keywright (schema {version}): upgrade this one to use it")
    if version != HEAD and not older:
        raise StoreError(f"{name} has an older schema ({version}): start `keywright serve` once, which upgrades it")


@contextlib.contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that reads the store as it is now, however long that takes, and cannot write."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.exec_driver_sql("ROLLBACK")
        return
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as connection:
        yield connection.execution_options(**options)
