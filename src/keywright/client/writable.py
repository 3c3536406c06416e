"""Prove that a file can be written before there is something to lose: by writing beside it, not by its mode alone."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from keywright.client.errors import LocalFileError

_ROOM_BYTES: Final = 64 * 1024
"""More than any file that a key is put into takes."""


def prove_writable(path: Path) -> None:
    """
    Write a file of some size beside a path, and remove it; folders that are missing are made later, in the nearest.

    Raises: LocalFileError.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists():
            _refuse_read_only(target)
        folder = next(one for one in target.parents if one.exists())
        # It has no name, where the file system can: a process that is killed here leaves nothing.
        with tempfile.TemporaryFile(prefix=".keywright-probe-", dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, _ROOM_BYTES)
    except OSError as error:
        raise LocalFileError(f"{path} cannot be written ({error.strerror}): nothing was done") from error


def _refuse_read_only(target: Path) -> None:
    if not target.is_file():
        raise LocalFileError(f"{target} is not a file: nothing was done")
    if not stat.S_IMODE(target.stat().st_mode) & 0o222:
        # We replace files, which a folder's mode allows; whoever made it read-only wants it kept all the same.
        raise LocalFileError(f"{target} is read-only: make it writable (chmod u+w), or name another file")
    # Immutable files and read-only file systems show here alone.
    with target.open("r+b"):
        pass
