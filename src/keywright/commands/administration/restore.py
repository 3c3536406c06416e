"""`keywright restore`: put a store back from its backup, into a folder that has none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pyrage  # type: ignore[import-untyped]

from keywright.client.handover_opening import AskPassphrase, identities_here, identities_in, is_sealed
from keywright.commands.administration.archive import DATABASE, MASTER_KEY, Manifest, piped, read_archive
from keywright.server.settings import SettingError
from keywright.store.existing import (
    AdministrationError,
    existing_engine,
    refuse_version,
    schema_version,
    snapshot,
)
from keywright.store.opening import KEY_FILE, MASTER_KEY_VARIABLE, Location, find_sealer, make_private_folder
from keywright.store.sealed_columns import sealed_values
from keywright.store.sealing import MasterKeyError, Sealer, UnsealError
from keywright.store.snapshot import integrity_errors

_PREFIX: Final = ".restoring-"
_MAY_BE_THERE: Final = frozenset({KEY_FILE, "jwks", "tls", "lost+found"})
"""What an administrator may have put beside the store that is to come; nothing that a store would be in."""


class Restored(NamedTuple):
    """A store that was put back."""

    database: Path
    manifest: Manifest


def restore_backup(
    location: Location, file: Path, identities: Sequence[Path], environment: Mapping[str, str], ask: AskPassphrase
) -> Restored:
    """
    Put a backup into a data folder that is empty but for a master key; all of it, or nothing.

    Raises: SettingError; StoreError; AdministrationError; OpeningError; OSError.
    """
    database = location.sqlite_file
    if database is None:
        raise SettingError("a backup is restored to a SQLite store; `keywright move` then takes it to PostgreSQL")
    make_private_folder(location.folder)
    _refuse_used(location.folder)
    for left in location.folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=location.folder) as name:
        new = Path(name)
        (new / "jwks").mkdir(mode=0o700)

        def accept(manifest: Manifest) -> None:
            refuse_version(manifest.schema, "the backup", older=True)
            # Before gigabytes are read: the same is seen of the secrets themselves below.
            _sealer(location, manifest, environment, new)

        with _opened(file, identities, ask) as source:
            manifest = read_archive(source, accept, lambda member: new / member)
        _verify(location, manifest, environment, new)
        _put_in_place(new, location.folder, database, manifest)
    return Restored(database, manifest)


def _refuse_used(folder: Path) -> None:
    names = {path.name for path in folder.iterdir() if not path.name.startswith(_PREFIX)} - _MAY_BE_THERE
    if names:
        raise AdministrationError(
            f"{folder} is not empty ({', '.join(sorted(names)[:5])}): name an empty folder with --data, or move away "
            "what is there"
        )


@contextmanager
def _opened(file: Path, identities: Sequence[Path], ask: AskPassphrase) -> Iterator[IO[bytes]]:
    """Open a backup for reading, decrypted."""
    with file.open("rb") as content:
        start = content.read(100)
        content.seek(0)
        if not is_sealed(start):
            yield content
            return
        paths = identities or identities_here(Path.home())
        if not paths:
            raise AdministrationError(
                f"{file} is encrypted: name the age identity or SSH key it is for with --identity"
            )
        keys: list[Any] = [key for path in paths for key in identities_in(path, ask)]

        def decrypt(output: IO[bytes]) -> None:
            try:
                pyrage.decrypt_io(content, output, keys)
            except pyrage.DecryptError as error:
                named = ", ".join(str(path) for path in paths)
                raise AdministrationError(
                    f"{file} is for another key than {named}: name its own with --identity"
                ) from (error)
            except OSError as error:
                if error.errno is not None or "roken pipe" in str(error):
                    raise
                raise AdministrationError(f"{file} is cut off or was changed: take another backup") from error

        with piped(decrypt) as source:
            yield source


def _sealer(location: Location, manifest: Manifest, environment: Mapping[str, str], new: Path) -> Sealer | None:
    """Find the master keys: those given, else the backup's own, which are not yet read while None is returned."""
    needed = ", ".join(manifest.master_keys)
    given = bool(environment.get(MASTER_KEY_VARIABLE)) or (location.folder / KEY_FILE).exists()
    if not given and manifest.has_master_key:
        if not (new / MASTER_KEY).exists():
            return None
        return find_sealer(new, {}, create=False)
    if not given:
        raise AdministrationError(
            f"the backup's secrets are sealed with the master key {needed}, which is not in it: put that key into "
            f"{location.folder / KEY_FILE} (mode 0600) or {MASTER_KEY_VARIABLE}, and restore again"
        )
    try:
        sealer = find_sealer(location.folder, environment, create=False)
    except MasterKeyError as error:
        raise AdministrationError(str(error)) from error
    missing = sorted(set(manifest.master_keys) - sealer.key_ids)
    if missing:
        given_ids = ", ".join(sorted(sealer.key_ids))
        raise AdministrationError(
            f"the backup's secrets are sealed with the master key {needed}; given are {given_ids}: put the missing "
            f"({', '.join(missing)}) into {location.folder / KEY_FILE} or {MASTER_KEY_VARIABLE}"
        )
    return sealer


def _verify(location: Location, manifest: Manifest, environment: Mapping[str, str], new: Path) -> None:
    """Refuse a database that is damaged, or whose secrets do not open."""
    copy = new / DATABASE
    damage = integrity_errors(copy)
    if damage:
        raise AdministrationError(f"the database in the backup is damaged: {damage[0]}; take another backup")
    sealer = _sealer(location, manifest, environment, new)
    assert sealer is not None  # INVARIANT: the whole backup has been read
    found = Location(location.url.set(database=str(copy)), new)
    with existing_engine(found, older=True) as engine:
        with snapshot(engine) as connection:
            if schema_version(connection) != manifest.schema:
                raise AdministrationError("the backup's schema is not the one its manifest names: take another backup")
            try:
                for value in sealed_values(connection):
                    sealer.unseal(value.sealed, value.row_name)
            except UnsealError as error:
                raise AdministrationError(f"the backup's secrets do not open: {error}") from error
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")


def _put_in_place(new: Path, folder: Path, database: Path, manifest: Manifest) -> None:
    """Move the files to where they belong, the database last: until it is there, there is no store."""
    for member in manifest.files:
        if member.name.startswith("jwks/"):
            (folder / "jwks").mkdir(mode=0o700, exist_ok=True)
            (new / member.name).replace(folder / member.name)
    if manifest.has_master_key and not (folder / KEY_FILE).exists():
        os.link(new / MASTER_KEY, folder / KEY_FILE)
    _sync(folder)
    with contextlib.suppress(FileNotFoundError):
        _sync(folder / "jwks")
    _sync_file(new / DATABASE)
    try:
        os.link(new / DATABASE, database)
    except FileExistsError:
        raise AdministrationError(f"{database} was made meanwhile, by a server perhaps: nothing was replaced") from None
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
