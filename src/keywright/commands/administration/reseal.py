"""`keywright reseal`: seal every secret with a new master key, while the store is served."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from keywright.server.settings import SettingError
from keywright.store.existing import AdministrationError, existing_engine, snapshot
from keywright.store.opening import KEY_FILE, MASTER_KEY_VARIABLE, Location, find_sealer
from keywright.store.sealed_columns import SealedValue, key_id_of, sealed_values
from keywright.store.sealing import MasterKeyError, Sealer, UnsealError, add_master_key, keep_first_master_key
from keywright.store.transaction import StoreError

_BATCH: Final = 50
_REST_SECONDS: Final = 0.02
_ROUNDS: Final = 20
_LOCK_SECONDS: Final = 10.0
LONGEST_SESSION_SECONDS: Final = 36 * 3600
"""AWS: GetSessionToken and GetFederationToken give credentials for 36 hours at the most."""


class Resealed(NamedTuple):
    """What was done."""

    key_id: str
    """The master key that everything is sealed with now."""
    others: tuple[str, ...]
    """Those that are still in the file, to open session tokens."""
    values: int


def reseal_store(location: Location, environment: Mapping[str, str]) -> Resealed:
    """
    Seal everything with the first master key; where that has been done already, with a new one, put before it.

    Raises: StoreError; AdministrationError; SettingError.
    """
    with existing_engine(location) as engine:
        sealer = _sealer(location, environment)
        # What another key has sealed is what an earlier run has left undone.
        if set(_keys_in_use(engine, sealer)) == {sealer.sealing_key_id}:
            if location.sqlite_file is None or environment.get(MASTER_KEY_VARIABLE):
                raise SettingError(
                    f"the master key of every server must be changed first: put a new key before the old one in each "
                    f"{KEY_FILE} or {MASTER_KEY_VARIABLE}, restart the servers, then run `keywright reseal`"
                )
            add_master_key(location.folder / KEY_FILE)
            sealer = _sealer(location, environment)
        values = _reseal(engine, sealer)
    return Resealed(sealer.sealing_key_id, tuple(sorted(sealer.key_ids - {sealer.sealing_key_id})), values)


def drop_old_keys(location: Location, environment: Mapping[str, str], *, now: float) -> Resealed:
    """
    Remove all master keys but the first, once nothing is sealed with another and no session can be.

    Raises: StoreError; AdministrationError; SettingError.
    """
    if environment.get(MASTER_KEY_VARIABLE):
        raise SettingError(f"the master keys are in {MASTER_KEY_VARIABLE}: remove the old one there")
    file = location.folder / KEY_FILE
    with existing_engine(location) as engine:
        sealer = _sealer(location, environment)
        used = set(_keys_in_use(engine, sealer)) - {sealer.sealing_key_id}
    if used:
        raise AdministrationError(
            f"secrets are still sealed with the master key {', '.join(sorted(used))}: run `keywright reseal` first"
        )
    left = file.stat().st_mtime + LONGEST_SESSION_SECONDS - now
    if left > 0 and len(sealer.key_ids) > 1:
        raise AdministrationError(
            f"sessions that began before the new key was added are sealed with the old one, for 36 hours at the most: "
            f"run `keywright reseal --drop-old` again in {left / 3600:.1f} hours"
        )
    keep_first_master_key(file)
    return Resealed(sealer.sealing_key_id, (), 0)


def _sealer(location: Location, environment: Mapping[str, str]) -> Sealer:
    try:
        return find_sealer(location.folder, environment, create=False)
    except MasterKeyError as error:
        raise StoreError(str(error)) from error


def _keys_in_use(engine: Engine, sealer: Sealer) -> Counter[str]:
    """Count values by their master key; each must open, or nothing is begun."""
    counts: Counter[str] = Counter()
    with snapshot(engine) as connection:
        for value in sealed_values(connection):
            counts[key_id_of(value.sealed)] += 1
            _open(sealer, value)
    return counts


def _open(sealer: Sealer, value: SealedValue) -> bytes:
    try:
        return sealer.unseal(value.sealed, value.row_name)
    except UnsealError as error:
        raise AdministrationError(f"{error}: `keywright check` says what to do") from error


def _reseal(engine: Engine, sealer: Sealer) -> int:
    """Seal again what another key has sealed, until there is none: a server may have written some meanwhile."""
    done = 0
    for _ in range(_ROUNDS):
        with snapshot(engine) as connection:
            old = [one for one in sealed_values(connection) if key_id_of(one.sealed) != sealer.sealing_key_id]
        if not old:
            return done
        for start in range(0, len(old), _BATCH):
            done += _write(engine, sealer, old[start : start + _BATCH])
            time.sleep(_REST_SECONDS)
    raise AdministrationError(
        "a server goes on sealing with the old master key: restart the servers, then run `keywright reseal` again"
    )


def _write(engine: Engine, sealer: Sealer, values: list[SealedValue]) -> int:
    """Replace each value that is still what was read; what a server has changed meanwhile is left to the next round."""
    sealed = [(value, sealer.seal(_open(sealer, value), value.row_name)) for value in values]
    done = 0
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(_LOCK_SECONDS * 1000)}")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                raise AdministrationError("the store is locked by another process: run it again") from error
        else:
            connection.execution_options(isolation_level="READ COMMITTED")
        for value, new in sealed:
            column, key = value.place.column, value.place.key
            changed = connection.execute(
                update(column.table).where(key == value.key, column == value.sealed).values({column: new})
            )
            done += changed.rowcount
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
        else:
            connection.commit()
    return done
