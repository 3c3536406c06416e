"""What git's index has that the last commit has not."""

from __future__ import annotations

import os
from typing import Final

from keywright.client.scan.git import Repository

_FILES: Final = frozenset({b"100644", b"100755"})


def staged_files(repository: Repository) -> dict[str, str]:
    """
    Give the blobs of the files that are staged anew or changed, by path from the root.

    Raises: GitError.
    """
    flags = ("--cached", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules", "-z")
    words = iter(repository.output("diff", *flags).split(b"\0"))
    files: dict[str, str] = {}
    for word in words:
        if not word.startswith(b":"):
            continue
        _, mode, _, id_, _status = word.split()
        path = next(words)
        if mode in _FILES:
            files[os.fsdecode(path)] = id_.decode()
    return files
