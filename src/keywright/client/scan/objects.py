"""Read a repository's objects through `git cat-file --batch`, each once, one at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from keywright.client.scan.git import GitError, Repository
from keywright.client.scan.unpacking import PIECE

# By itself git would keep the pack and 96 MB of undone deltas in memory.
_LITTLE_MEMORY: Final = tuple(
    word
    for setting in ("core.packedGitWindowSize=1m", "core.packedGitLimit=16m", "core.deltaBaseCacheLimit=32m")
    for word in ("-c", setting)
)
_BATCH: Final = (*_LITTLE_MEMORY, "cat-file", "--batch=%(objectname) %(objecttype) %(objectsize)", "--buffer")
_LIST: Final = (
    "cat-file",
    "--batch-check=%(objecttype) %(objectname)",
    "--batch-all-objects",
    "--unordered",
    "--buffer",
)
_READ: Final = (b"blob ", b"commit ", b"tag ")
"""Trees hold names only; the messages of commits and tags are texts like any other."""


_CUT_OFF: Final = "git ended in the middle of an object"


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object, whose content must be read before the next."""

    id: str
    kind: str
    """`blob`, `commit` or `tag`."""
    pieces: Iterable[bytes]


def all_objects(repository: Repository) -> Iterator[GitObject]:
    """
    Give every object that the repository has: of every ref, stash and tag, of the index, and what nothing leads to.

    Raises: GitError.
    """
    # Unordered is in the order of the packs, in which deltas are undone fastest. To say a kind takes no reading, to
    # leave out the trees saves a third.
    with tempfile.TemporaryFile() as names:
        with repository.reading(*_LIST) as listing:
            names.writelines(_wanted(listing))
        yield from _batch(repository, names)


def _wanted(listing: BinaryIO) -> Iterator[bytes]:
    """Give the lines of names; what git cannot read has no kind."""
    for line in listing:
        if line.startswith(_READ):
            yield line.partition(b" ")[2]
        elif not line.startswith(b"tree "):
            raise _missing(line)


def _missing(line: bytes) -> GitError:
    return GitError(f"the repository lacks the object {line.split()[0].decode()}, or it is broken: git fsck")


def objects_named(repository: Repository, *revisions: str) -> Iterator[GitObject]:
    """
    Give the objects that `git rev-list --objects` names.

    Raises: GitError.
    """
    listing = ("rev-list", "--objects", "--no-object-names", *revisions)
    with repository.reading(*listing) as names, repository.reading(*_BATCH, stdin=names) as output:
        yield from _read(output)


def blobs(repository: Repository, ids: list[str]) -> Iterator[GitObject]:
    """
    Give these blobs, in this order.

    Raises: GitError.
    """
    with tempfile.TemporaryFile() as names:
        names.writelines(f"{one}\n".encode() for one in ids)
        yield from _batch(repository, names)


def _batch(repository: Repository, names: BinaryIO) -> Iterator[GitObject]:
    names.seek(0)
    with repository.reading(*_BATCH, stdin=names) as output:
        yield from _read(output)


def _read(output: BinaryIO) -> Iterator[GitObject]:
    while header := output.readline():
        id_, kind, *rest = header.decode().split()
        if not rest:
            raise _missing(header)
        size = int(rest[0])
        if size <= PIECE:
            content = output.read(size + 1)
            if len(content) != size + 1:
                raise GitError(_CUT_OFF)
            if kind != "tree":
                yield GitObject(id_, kind, (content[:-1],))
            continue
        left = _Content(output, size)
        if kind != "tree":
            yield GitObject(id_, kind, iter(left.piece, b""))
        while left.piece():
            pass
        output.readline()


class _Content:
    """What is left of an object."""

    def __init__(self, output: BinaryIO, size: int) -> None:
        self._output = output
        self._left = size

    def piece(self) -> bytes:
        """Read on; empty at the end."""
        piece = self._output.read(min(PIECE, self._left))
        if self._left and not piece:
            raise GitError(_CUT_OFF)
        self._left -= len(piece)
        return piece
