"""`keywright backup`: the store in one file, taken while it is served."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pyrage  # type: ignore[import-untyped]

from keywright import __version__
from keywright.aws.clock import iso8601, system_clock
from keywright.client.recipients import BY_PASSPHRASE, as_recipient, read_recipients
from keywright.client.replacing import remove_left_over
from keywright.commands.administration.archive import (
    DATABASE,
    MASTER_KEY,
    MEMBER_NAMES,
    Manifest,
    describe_file,
    piped,
    write_archive,
)
from keywright.identity.key_sets import FOLDER as KEY_SETS
from keywright.server.settings import SettingError
from keywright.store.existing import AdministrationError, existing_engine, schema_version
from keywright.store.opening import KEY_FILE, MASTER_KEY_VARIABLE, Location, find_sealer
from keywright.store.sealed_columns import key_ids_in_use
from keywright.store.sealing import MasterKeyError
from keywright.store.snapshot import copy_database

_COPY: Final = "copy.db"
_PREFIX: Final = ".backup-"


class Backup(NamedTuple):
    """A backup that was made."""

    file: Path
    size: int
    manifest: Manifest


def take_backup(
    location: Location, target: Path, names: Sequence[str], environment: Mapping[str, str], *, with_master_key: bool
) -> Backup:
    """
    Back a store up to a new file, encrypted to recipients where there are any.

    Raises: SettingError; StoreError; AdministrationError; RecipientError; OSError.
    """
    recipients = _recipients(names)
    if with_master_key and not recipients:
        raise SettingError(
            "--with-master-key requires --for: whoever has the database and the master key has every secret, so the "
            "file that holds both must be encrypted"
        )
    if location.sqlite_file is None:
        raise SettingError(
            "`keywright backup` copies a SQLite store; back a PostgreSQL one up with pg_dump "
            "(docs/administration.md shows how)"
        )
    if target.exists():
        raise AdministrationError(f"{target} exists: name a new file, so that no earlier backup is lost")
    with existing_engine(location, older=True):
        pass  # It is a store, of a schema that is known.
    with _copied(location) as copy, ExitStack() as files:
        contents: list[tuple[str, Path]] = [(DATABASE, copy)]
        key_sets = sorted((location.folder / KEY_SETS).glob("*"))
        contents += [(name, path) for path in key_sets if MEMBER_NAMES.fullmatch(name := f"{KEY_SETS}/{path.name}")]
        if with_master_key:
            contents.append((MASTER_KEY, _key_file(location, environment, copy.parent)))
        manifest = _manifest(location, copy, contents)
        opened = [files.enter_context(path.open("rb")) for _, path in contents]
        # Nothing of it has a name any more: killed from here on, it leaves nothing in the data folder.
        copy.unlink()
        size = _write(target, recipients, lambda output: write_archive(output, manifest, opened))
    return Backup(target, size, manifest)


def _recipients(names: Sequence[str]) -> list[str]:
    recipients = [one for name in names for one in read_recipients(name)]
    if BY_PASSPHRASE in recipients:
        raise SettingError(
            "a backup is encrypted to a key, not with a passphrase: give --for an age1… recipient or an SSH public key"
        )
    return recipients


@contextmanager
def _copied(location: Location) -> Iterator[Path]:
    """Copy the database to a private folder beside it, where there is room for it and nobody else can read."""
    file = location.sqlite_file
    assert file is not None  # INVARIANT: refused before
    _remove_left_over_copies(location.folder)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=location.folder) as folder, _locked(Path(folder)):
        copy = Path(folder) / _COPY
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        copy_database(file, copy)
        yield copy


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """
    Hold a folder's lock, by which a process that was killed is told from one that is at work.

    Raises: BlockingIOError where another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _remove_left_over_copies(folder: Path) -> None:
    """Remove the copies of backups that were killed."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(BlockingIOError, FileNotFoundError), _locked(left):
            shutil.rmtree(left)


def _manifest(location: Location, copy: Path, contents: Sequence[tuple[str, Path]]) -> Manifest:
    copied = Location(location.url.set(database=str(copy)), location.folder)
    with existing_engine(copied, older=True) as engine, engine.connect() as connection:
        schema = schema_version(connection)
        key_ids = key_ids_in_use(connection)
        # The engine has switched the copy to a log beside it; it must be one file again.
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    files = tuple(describe_file(path, name) for name, path in contents)
    return Manifest(iso8601(system_clock()), __version__, str(schema), tuple(sorted(key_ids)), files)


def _key_file(location: Location, environment: Mapping[str, str], private: Path) -> Path:
    """Return a file with the master keys, wherever they are kept."""
    try:
        find_sealer(location.folder, environment, create=False)
    except MasterKeyError as error:
        raise AdministrationError(str(error)) from error
    text = environment.get(MASTER_KEY_VARIABLE)
    if not text:
        return location.folder / KEY_FILE
    file = private / KEY_FILE
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write("\n".join(text.split()) + "\n")
    return file


def _write(target: Path, recipients: Sequence[str], make: Callable[[IO[bytes]], None]) -> int:
    """Write the file whole or not at all, mode 0600, durably; return its size."""
    remove_left_over(target)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.keywright-", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as output:
            if recipients:
                _encrypt(make, output, [as_recipient(one) for one in recipients])
            else:
                make(output)
            output.flush()
            os.fsync(output.fileno())
            size = output.tell()
        new.rename(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return size


def _encrypt(make: Callable[[IO[bytes]], None], output: IO[bytes], recipients: list[Any]) -> None:
    with piped(make) as source:
        try:
            pyrage.encrypt_io(source, output, recipients)
        except pyrage.EncryptError as error:
            raise AdministrationError(f"the backup cannot be written: {error}") from error
