"""The folders of this session that nobody else can look into, for sockets: no secret is ever written there."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path


def session_folders(environment: Mapping[str, str]) -> Iterator[Path]:
    """
    Yield the user's own runtime folders, the best first.

    Cron and services have no XDG_RUNTIME_DIR, so its usual place follows; under sudo it may be somebody else's.
    """
    named = environment.get("XDG_RUNTIME_DIR")
    usual = f"/run/user/{os.geteuid()}"
    # On macOS the folder for temporary files is the user's own, and is emptied.
    temporary = environment.get("TMPDIR") if sys.platform == "darwin" else None
    for name in dict.fromkeys((named, usual, temporary)):
        if name and is_private(Path(name)):
            yield Path(name)


def own_folders(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders where our own sockets may be, which need not exist."""
    for folder in session_folders(environment):
        yield folder / "keywright"
    yield Path(f"/tmp/keywright-{os.geteuid()}")  # noqa: S108 - its owner and mode are checked by `is_private`


def is_private(folder: Path) -> bool:
    """Check that a folder is the user's, and that nobody else can look into it."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
