"""Put a file in another's place: in one step, durably, for its owner alone."""

from __future__ import annotations

import contextlib
import glob
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was read."""

    exists: bool
    content: bytes
    mark: tuple[int, int, int]
    """Its inode, size and time of change: another mark, another file."""


def read_original(path: Path) -> Original:
    """
    Read a file, which may be missing.

    Raises: OSError.
    """
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            return Original(exists=True, content=file.read(), mark=_mark(status))
    except FileNotFoundError:
        return Original(exists=False, content=b"", mark=(0, 0, 0))


def replace_file(path: Path, original: Original, content: bytes) -> None:
    """
    Write a file anew, mode 0600; a link stays a link.

    Raises: OSError; so too where another program has changed the file since it was read.
    """
    target = path.resolve()
    remove_left_over(target)
    put_file(target, content, owner=_owner(target), unless_changed=original)


def put_file(
    target: Path,
    content: bytes,
    *,
    owner: tuple[int, int] | None = None,
    mode: int = 0o600,
    unless_changed: Original | None = None,
) -> None:
    """
    Write a file whole or not at all.

    Raises: OSError.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.keywright-", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if owner is not None:
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if unless_changed is not None:
            _refuse_changed(target, unless_changed)
        new.replace(target)
        _sync_folder(target.parent)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def remove_left_over(target: Path) -> None:
    """
    Remove what a process that was killed has left of writing a file; only who alone may write it knows that it was.

    Raises: OSError.
    """
    for left in target.parent.glob(f".{glob.escape(target.name)}.keywright-*"):
        left.unlink(missing_ok=True)


def _refuse_changed(target: Path, original: Original) -> None:
    """Keep what a program without our lock has written meanwhile (the aws CLI takes none)."""
    if read_original(target).mark != original.mark:
        raise OSError(f"another program has just changed {target}: try again")


def _mark(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _owner(target: Path) -> tuple[int, int] | None:
    """Give whose file it is, where that is somebody else: under sudo it must stay theirs."""
    with contextlib.suppress(FileNotFoundError):
        status = target.stat()
        if status.st_uid != os.geteuid():
            return status.st_uid, status.st_gid
    return None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
