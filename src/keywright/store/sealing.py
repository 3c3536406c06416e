"""
Secrets at rest: AES-256-GCM, under a master key kept outside the database, bound to the row that holds them.

A sealed value is `version (1) · key id (4) · nonce (12) · ciphertext and tag`. The associated data is the row's name,
so that a value copied into another row does not open. The master keys stand a line each, base64, in a file of mode 0600
or in `KEYWRIGHT_MASTER_KEY`; the first seals, all open, so a key is replaced by putting a new one before it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION: Final = b"\x01"
_KEY_BYTES: Final = 32
_HEADER_BYTES: Final = 17


class UnsealError(Exception):
    """A sealed value does not open: another master key, another row, or altered bytes."""


class MasterKeyError(Exception):
    """The master key cannot be used; the message says why and what to do."""


class Sealer:
    """
    Seals under the first of its master keys, opens under any.

    One that is of a file reads it again when it has changed: `keywright reseal` puts a new key there while servers run.
    """

    __slots__ = ("_ciphers", "_current", "_file", "_mark")

    def __init__(self, master_keys: list[bytes], file: Path | None = None) -> None:
        self._file = file
        # None until it is compared: the first look reads the file again, whatever has changed since it was read.
        self._mark: tuple[int, int, int] | None = None
        self._take(master_keys)

    def _take(self, master_keys: list[bytes]) -> None:
        named = [(hashlib.sha256(b"keywright master key id\0" + key).digest()[:4], AESGCM(key)) for key in master_keys]
        self._ciphers = dict(named)
        self._current = named[0]

    def _read_again(self) -> None:
        """Take the file's keys, where it has changed; one that cannot be used changes nothing."""
        if self._file is None or (mark := _mark(self._file)) == self._mark or mark is None:
            return
        with contextlib.suppress(MasterKeyError):
            self._take(_read_file(self._file))
            self._mark = mark

    @property
    def key_ids(self) -> frozenset[str]:
        """The ids of its master keys, which say nothing of the keys."""
        return frozenset(key_id.hex() for key_id in self._ciphers)

    @property
    def sealing_key_id(self) -> str:
        """The id of the master key that it seals with."""
        return self._current[0].hex()

    def seal(self, plaintext: bytes, row: str) -> bytes:
        """Encrypt for one row, e.g. `access_keys/AKIA…`."""
        self._read_again()
        key_id, cipher = self._current
        nonce = secrets.token_bytes(12)
        return _VERSION + key_id + nonce + cipher.encrypt(nonce, plaintext, row.encode())

    def unseal(self, sealed: bytes, row: str) -> bytes:
        """
        Decrypt what was sealed for that row.

        Raises: UnsealError.
        """
        cipher = self._ciphers.get(sealed[1:5])
        if cipher is None:
            self._read_again()
            cipher = self._ciphers.get(sealed[1:5])
        if sealed[:1] != _VERSION or cipher is None:
            raise UnsealError(f"{row} was sealed under a master key that is not here")
        try:
            return cipher.decrypt(sealed[5:_HEADER_BYTES], sealed[_HEADER_BYTES:], row.encode())
        except (InvalidTag, ValueError) as error:
            raise UnsealError(f"{row} does not open") from error


def _mark(file: Path) -> tuple[int, int, int] | None:
    """Return what tells a file from what it was before; None where it cannot be looked at."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _decode(text: str, source: str) -> list[bytes]:
    try:
        keys = [base64.b64decode(line, validate=True) for line in text.split()]
    except ValueError as error:
        raise MasterKeyError(f"{source} is not base64") from error
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        raise MasterKeyError(f"{source} must hold {_KEY_BYTES}-byte keys in base64, one a line")
    return keys


def sealer_from_text(text: str) -> Sealer:
    """
    Make a sealer of the keys in `KEYWRIGHT_MASTER_KEY`.

    Raises: MasterKeyError.
    """
    return Sealer(_decode(text, "KEYWRIGHT_MASTER_KEY"))


def sealer_from_file(path: Path, *, create: bool) -> Sealer:
    """
    Make a sealer of a file's keys; where there is no file and it may be created, make one with a new key.

    Raises: MasterKeyError.
    """
    if create and not path.exists():
        _create(path)
    return Sealer(_read_file(path), path)


def _read_file(path: Path) -> list[bytes]:
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except FileNotFoundError as error:
        raise MasterKeyError(
            f"{path} is missing: without the master key that sealed them, the secrets in this store cannot be read. "
            "Put it back from your backup, or set KEYWRIGHT_MASTER_KEY"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise MasterKeyError(f"{path} cannot be read: {error}") from error
    if mode & 0o077:
        raise MasterKeyError(f"{path} can be read by others: run chmod 600 {path}")
    return _decode(text, str(path))


def add_master_key(path: Path) -> None:
    """
    Put a new key before those of a file, whole or not at all.

    Raises: MasterKeyError; OSError.
    """
    _replace(path, [secrets.token_bytes(_KEY_BYTES), *_read_file(path)])


def keep_first_master_key(path: Path) -> None:
    """
    Remove all keys of a file but the first.

    Raises: MasterKeyError; OSError.
    """
    _replace(path, _read_file(path)[:1])


def _replace(path: Path, keys: list[bytes]) -> None:
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    status = path.stat()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if os.geteuid() == 0:
                # It stays the server's, whoever runs the command.
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.write(b"".join(base64.b64encode(key) + b"\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _create(path: Path) -> None:
    """Write a new key durably, whole or not at all; a file that another process made first is left as it is."""
    line = base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n"
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink()
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
