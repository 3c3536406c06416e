"""
Copies of the AWS files as they were before an edit, in `~/.local/state/keywright/aws-files`, mode 0600.

A copy holds no secret that an edit has taken out of the files since: what was deleted or rotated away must not lie on.
Nothing is taken back out of a copy: `rotate --rollback` and `resume --undo` have their journals.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO, Final

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


def clean_copies(folder: Path, gone: Collection[bytes], in_its_place: bytes) -> list[Path]:
    """
    Take secrets out of all copies; gives those that had one.

    Raises: OSError.
    """
    cleaned: list[Path] = []
    for path in sorted(folder.glob("*")) if gone else ():
        # Another process may just have dropped it, as the oldest.
        with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
            content = file.read()
            clean = without(content, gone, in_its_place)
            if clean != content:
                put_file(path, clean)
                overwrite_if_gone(file)
                cleaned.append(path)
    return cleaned


def without(content: bytes, gone: Collection[bytes], in_its_place: bytes) -> bytes:
    """Take secrets out of a content, where they are an option's whole value, commented out or not."""
    if not gone:
        return content
    either = b"|".join(re.escape(text) for text in sorted(gone))
    values = rb"(?m)^([#; \t]*(?:[^\n#;=:]*[=:])?[ \t]*)(?:" + either + rb")(?=[ \t]*\r?$)"
    return re.sub(values, lambda found: found[1] + in_its_place, content)


def overwrite_if_gone(file: BinaryIO) -> None:
    """Overwrite what is left of a file, durably, unless it has a name still."""
    status = os.fstat(file.fileno())
    if status.st_nlink == 0:
        file.seek(0)
        file.write(secrets.token_bytes(status.st_size))
        file.flush()
        os.fsync(file.fileno())
