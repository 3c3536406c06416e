"""Copies of the AWS files as they were before an edit, in `~/.local/state/keywright/aws-files`, mode 0600."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from keywright.client.replacing import put_file
from keywright.client.state_folder import state_folder

KEPT: Final = 5
"""How many of each file: they hold old secrets, which should not pile up."""


def backup_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder; beside the files, a copy would be one more place that tools look into."""
    return state_folder(environment, "aws-files")


def keep_backup(path: Path, content: bytes, folder: Path) -> Path:
    """
    Keep a file's content, and drop the oldest beyond five; gives the copy.

    Raises: OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    moment = time.strftime("%Y%m%dT%H%M%S", time.gmtime(seconds))
    prefix = f"{path.name}-{place}-"
    copy = folder / f"{prefix}{moment}.{nanoseconds:09d}Z"
    for left in folder.glob(f".{prefix}*.keywright-*"):
        # Who holds the lock of the file is alone: this is of a process that was killed.
        left.unlink(missing_ok=True)
    put_file(copy, content)
    for old in sorted(folder.glob(f"{prefix}*"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return copy
