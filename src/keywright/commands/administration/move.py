"""`keywright move`: take a store from SQLite to PostgreSQL, or back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from keywright.server.settings import SettingError
from keywright.store.existing import AdministrationError, existing_engine
from keywright.store.moving import move_rows, refuse_filled
from keywright.store.offline import alone
from keywright.store.opening import (
    KEY_FILE,
    Location,
    engine_of,
    find_sealer,
    in_one_line,
    locate,
    make_private_folder,
)
from keywright.store.sealed_columns import sealed_values
from keywright.store.sealing import MasterKeyError, UnsealError
from keywright.store.transaction import StoreError


class Moved(NamedTuple):
    """A store that was moved."""

    source: Location
    target: Location
    rows: Mapping[str, int]


def move_store(data: Path, source_url: str, target_url: str, environment: Mapping[str, str]) -> Moved:
    """
    Copy a store to an empty database; the source is left as it is, and the master key where it is.

    Raises: SettingError; StoreError; AdministrationError.
    """
    source, target = locate(data, source_url), locate(data, target_url)
    if source.url == target.url:
        raise SettingError("--from and --to name the same database")
    with ExitStack() as stack:
        reading = stack.enter_context(alone(stack.enter_context(existing_engine(source)), str(source)))
        _refuse_unsealable(source, environment, reading)
        _make_schema(target)
        writing = stack.enter_context(alone(stack.enter_context(existing_engine(target)), str(target)))
        refuse_filled(writing, str(target))
        rows = move_rows(reading, writing)
    return Moved(source, target, rows)


def _refuse_unsealable(source: Location, environment: Mapping[str, str], reading: Connection) -> None:
    """Refuse a store whose secrets do not open: it would not be served from its new place either."""
    try:
        sealer = find_sealer(source.folder, environment, create=False)
        for value in sealed_values(reading):
            sealer.unseal(value.sealed, value.row_name)
    except MasterKeyError as error:
        raise StoreError(str(error)) from error
    except UnsealError as error:
        raise AdministrationError(f"nothing was moved: {error}; `keywright check` says more") from error


def _make_schema(target: Location) -> None:
    """Make the target's tables where there are none."""
    from keywright.store.migrations.upgrade import upgrade

    try:
        make_private_folder(target.folder)
        engine = engine_of(target)
        try:
            upgrade(engine)
        finally:
            engine.dispose()
    except Exception as error:
        said = in_one_line(error, target)
        if said is error:
            raise
        raise said from error


def next_step(moved: Moved) -> str:
    """Say how the store is served from its new place."""
    lines = [f"Serve it with --database {moved.target}; {moved.source} is left as it was, for you to delete."]
    if moved.source.folder != moved.target.folder and not os.environ.get("KEYWRIGHT_MASTER_KEY"):
        lines.append(f"Copy {moved.source.folder / KEY_FILE} to {moved.target.folder}: the secrets need it there too.")
    return "\n".join(lines)
