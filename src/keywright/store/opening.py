"""Open a store: find it, make it where there is none, bring it up to date, and unlock its secrets."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from keywright.store.migrations import HEAD, VERSIONS, version_table
from keywright.store.sealing import MasterKeyError, Sealer, UnsealError, sealer_from_file, sealer_from_text
from keywright.store.sqlite import SqliteStore, sqlite_engine
from keywright.store.tables import master_key_check
from keywright.store.transaction import Store, StoreError

_DATABASE_FILE: Final = "keywright.db"
KEY_FILE: Final = "master.key"
MASTER_KEY_VARIABLE: Final = "KEYWRIGHT_MASTER_KEY"
_CHECK_ROW: Final = "master_key_check"


class Location(NamedTuple):
    """Where a store is: its database, and the folder for what is kept outside of the database."""

    url: URL
    folder: Path

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, None where it is a server."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    def __str__(self) -> str:
        """Name the database for people, any password masked."""
        return str(self.sqlite_file or self.url.render_as_string(hide_password=True))


def locate(data: Path, database: str | None) -> Location:
    """
    Say where the store is that `--data` and `--database` mean.

    Raises: StoreError.
    """
    folder = data.expanduser().absolute()
    if database is None:
        return Location(URL.create("sqlite", database=str(folder / _DATABASE_FILE)), folder)
    try:
        url = make_url(database)
    except ArgumentError:
        raise StoreError(
            "the database URL cannot be read: write sqlite:////absolute/path.db or postgresql://user@host/name"
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:":
        file = Path(url.database).expanduser().absolute()
        return Location(URL.create("sqlite", database=str(file)), file.parent)
    if backend == "postgresql" and url.database:
        return Location(url.set(drivername="postgresql+psycopg"), folder)
    raise StoreError(f"a store is a SQLite file or a PostgreSQL database, not {url.render_as_string()}")


def open_store(location: Location, environment: Mapping[str, str]) -> tuple[Store, Sealer]:
    """
    Open the store at a location, creating or upgrading its schema.

    Raises: StoreError, with one line that says what is wrong and what to do.
    """
    engine: Engine | None = None
    try:
        make_private_folder(location.folder)
        engine = engine_of(location)
        return _open(engine, location, environment)
    except BaseException as error:
        if engine is not None:
            engine.dispose()
        raise in_one_line(error, location) from error


def _open(engine: Engine, location: Location, environment: Mapping[str, str]) -> tuple[Store, Sealer]:
    with engine.connect() as connection:
        is_new = not inspect(connection).has_table(version_table.name)
    sealer = find_sealer(location.folder, environment, create=is_new)
    _upgrade(engine, str(location))
    check_master_key(engine, sealer, location)
    file = location.sqlite_file
    if file is not None:
        return SqliteStore(file), sealer
    from keywright.store.postgresql import PostgresqlStore

    return PostgresqlStore(engine), sealer


def check_master_key(engine: Engine, sealer: Sealer, location: Location) -> None:
    """Refuse a master key that did not seal this store: it would open no secret, and its own could not be opened."""
    with engine.connect() as connection:
        if location.sqlite_file is not None:
            connection.exec_driver_sql("PRAGMA busy_timeout = 10000")
        else:
            # Serialisable, one of two processes that make a store at once would fail instead of finding it made.
            connection.execution_options(isolation_level="READ COMMITTED")
        sealed = connection.execute(select(master_key_check.c.sealed)).scalar()
        if sealed is None:
            values = {"only": 1, "sealed": sealer.seal(b"keywright", _CHECK_ROW)}
            with contextlib.suppress(IntegrityError):
                connection.execute(insert(master_key_check).values(values))
                connection.commit()
            return
    try:
        sealer.unseal(sealed, _CHECK_ROW)
    except UnsealError:
        raise StoreError(
            f"{location} was sealed under another master key: put that one into {location.folder / KEY_FILE} or "
            f"{MASTER_KEY_VARIABLE}"
        ) from None


def in_one_line(error: BaseException, location: Location) -> BaseException:
    """Say what is wrong with a store; what is not about the store stays as it is."""
    match error:
        case MasterKeyError():
            return StoreError(str(error))
        case DBAPIError():
            return StoreError(f"{location} cannot be opened: {' '.join(str(error.orig).split())}")
        case OSError():
            return StoreError(f"{location.folder} cannot be used: {error.strerror}")
        case _:
            return error


def engine_of(location: Location) -> Engine:
    """Make the engine of a store, and its file where there is none."""
    file = location.sqlite_file
    if file is None:
        # PostgreSQL's driver is 9 MB, and most stores are a file.
        from keywright.store.postgresql import postgresql_engine

        return postgresql_engine(location.url)
    # SQLite gives its log and its index of the log the mode of the database.
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    return sqlite_engine(file)


def make_private_folder(folder: Path) -> None:
    """Make the folder, for its owner alone; one that others can enter is refused rather than changed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise StoreError(f"{folder} is open to others: run chmod 700 {folder}, or choose another folder by --data")


def find_sealer(folder: Path, environment: Mapping[str, str], *, create: bool) -> Sealer:
    """
    Make the sealer of a store's master keys: those of the environment, else those in its folder.

    Raises: MasterKeyError.
    """
    text = environment.get(MASTER_KEY_VARIABLE)
    return sealer_from_text(text) if text else sealer_from_file(folder / KEY_FILE, create=create)


def _upgrade(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        known = inspect(connection).has_table(version_table.name)
        version = connection.execute(select(version_table.c.version_num)).scalar() if known else None
    if version == HEAD:
        return
    if version is not None and version not in VERSIONS:
        raise StoreError(f"{name} was written by a newer Keywright (schema {version}): upgrade this one to use it")
    # Alembic is 10 MB and a fifth of a second, and most starts have nothing to migrate.
    from keywright.store.migrations.upgrade import upgrade

    upgrade(engine)
