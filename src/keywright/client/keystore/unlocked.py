"""
Keep the sealed file's key for a while, so that tools which cannot ask may read it.

It lies in a folder of the session's own, which is in memory and goes with the session: `$XDG_RUNTIME_DIR/keywright`,
mode 0600 in 0700. No process stays behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from keywright.client.errors import KeystoreError
from keywright.client.keystore.passphrase import PASSPHRASE_FILE
from keywright.client.replacing import put_file

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, and its owner looked at


class KeptKey(NamedTuple):
    """A sealed file's key, and until when it is kept, in seconds since 1970."""

    key: bytes
    until: int


def keep_unlocked(store: Path, key: bytes, until: int, environment: Mapping[str, str]) -> None:
    """
    Keep a store's key.

    Raises: KeystoreError.
    """
    path = _path(store, environment)
    if path is None:
        raise KeystoreError(
            "this session has no folder of its own to keep the store unlocked in: set XDG_RUNTIME_DIR to one "
            f"that nobody else can read, or name a file with the passphrase in {PASSPHRASE_FILE}"
        )
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not _is_ours(path.parent):
            raise KeystoreError(f"{path.parent} is somebody else's, or others can read it: remove it")
        put_file(path, json.dumps({"key": key.hex(), "until": until}).encode())
    except OSError as error:
        raise KeystoreError(f"the store cannot be kept unlocked: {error}") from error


def kept_key(store: Path, environment: Mapping[str, str]) -> KeptKey | None:
    """Give what is kept; None where there is nothing, or its time is over."""
    path = _path(store, environment)
    try:
        if path is None or not _is_ours(path.parent):
            return None
        values = json.loads(path.read_bytes())
        kept = KeptKey(bytes.fromhex(values["key"]), int(values["until"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if kept.until <= time.time():
        path.unlink(missing_ok=True)
        return None
    return kept


def forget(store: Path, environment: Mapping[str, str]) -> bool:
    """
    Forget the key; tell whether it was kept.

    Raises: KeystoreError.
    """
    path = _path(store, environment)
    try:
        if path is None or not path.exists():
            return False
        path.unlink()
    except OSError as error:
        raise KeystoreError(f"the store stays unlocked: {error}") from error
    return True


def _path(store: Path, environment: Mapping[str, str]) -> Path | None:
    folder = _session_folder(environment)
    name = hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:16]
    return None if folder is None else folder / f"store-{name}"


def _session_folder(environment: Mapping[str, str]) -> Path | None:
    """Find the session's folder; under sudo XDG_RUNTIME_DIR may be somebody else's."""
    # On macOS the folder for temporary files is one's own, and is emptied.
    named = environment.get("XDG_RUNTIME_DIR") or (environment.get("TMPDIR") if sys.platform == "darwin" else None)
    for folder in (*([Path(named)] if named else []), Path(f"/run/user/{os.geteuid()}")):
        if _is_ours(folder):
            return folder / "keywright"
    return _SHARED_MEMORY / f"keywright-{os.geteuid()}" if _SHARED_MEMORY.is_dir() else None


def _is_ours(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
