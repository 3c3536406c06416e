"""Remove a file that holds a secret."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

LIMITS: Final = "backups, synchronised folders and the blocks of an SSD may still hold it"


def shred(path: Path) -> str | None:
    """
    Overwrite a file, durably, and remove it; gives why it was left, where it was.

    Raises: OSError.
    """
    if path.is_symlink() or not path.is_file():
        return "it is a link, or no plain file"
    if path.stat().st_nlink > 1:
        return "it has another name, which would be overwritten too"
    with path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        file.write(secrets.token_bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return None
