"""Give the files of a folder: in a repository those that git would take, elsewhere all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from keywright.client.scan.git import GitError, NotARepository, Repository, find_repository

_CHUNK: Final = 1 << 16


class File(NamedTuple):
    """A file to look into."""

    path: str
    """Where it is."""
    shown: str
    """What it is called in a finding: from the root of its repository, where it is in one."""


def files_of(path: str) -> Iterator[File]:
    """
    Give a file, or the files of a folder; links inside it, and other repositories, are not entered.

    Raises: GitError; OSError.
    """
    is_folder = Path(path).is_dir()
    folder = path if is_folder else os.path.dirname(path) or "."  # noqa: PTH120 - pathlib would tidy the name
    try:
        repository = find_repository(folder)
    except NotARepository:
        repository = None
    top = None if repository is None else repository.top
    if not is_folder:
        yield File(os.path.realpath(path), _shown(path, top))
    elif repository is None or top is None or _is_ignored(repository, path):
        # Who names a folder that git ignores wants it looked into.
        for found in _walk(path):
            yield File(found, _shown(found, top))
    else:
        yield from _listed(repository, top)


def open_file(path: str) -> BinaryIO | None:
    """
    Open a file to read; None for what is no file: a link, a pipe, a folder, something that is gone.

    Raises: OSError.
    """
    try:
        # Not to wait for a pipe's other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb", buffering=0)


def _listed(repository: Repository, top: str) -> Iterator[File]:
    flags = ("--cached", "--others", "--exclude-standard", "--deduplicate", "--full-name", "-z")
    with repository.reading("ls-files", *flags) as output:
        for name in split_nul(output):
            shown = os.fsdecode(name)
            yield File(f"{top}/{shown}", shown)


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one != ".git")
        for name in sorted(names):
            yield f"{parent}/{name}"


def _shown(path: str, top: str | None) -> str:
    if top is None:
        return os.path.normpath(path)
    # The last part stays as it is, were it a link.
    parent, name = os.path.split(path)
    return os.path.relpath(f"{os.path.realpath(parent or '.')}/{name}", os.path.realpath(top))


def _is_ignored(repository: Repository, path: str) -> bool:
    try:
        repository.output("check-ignore", "--quiet", "--", os.path.realpath(path))
    except GitError:
        return False
    return True


def split_nul(output: BinaryIO) -> Iterator[bytes]:
    """Give the words of a stream that each end with a NUL."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *words, rest = (rest + chunk).split(b"\0")
        yield from words
    if rest:
        yield rest
