"""Find the commits that brought objects in: one walk over the history, once there is something to ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from keywright.client.scan.files import split_nul
from keywright.client.scan.findings import Commit
from keywright.client.scan.git import Repository

_FIELD: Final = b"\x02"
_LOG: Final = (
    *("-c", "log.showSignature=false", "-c", "log.showRoot=true", "log"),
    *("--all", "--reflog", "--ignore-missing", "--topo-order", "--no-mailmap", "--no-color", "--no-notes"),
    # Of a merge only what is in none of its parents: what it has brought in itself.
    *("-c", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules", "-z"),
    "--format=tformat:%x02%H%x02%an <%ae>%x02%at",
)


@dataclass(frozen=True, slots=True)
class Origins:
    """Where objects come from."""

    paths: dict[str, dict[str, tuple[int, Commit]]] = field(default_factory=dict)
    """By a blob's id, by path: the oldest commit that has it there anew, and its place in the walk (older: higher)."""
    commits: dict[str, Commit] = field(default_factory=dict)


def find_origins(repository: Repository, wanted: AbstractSet[str]) -> Origins:
    """
    Ask for the commits that brought in these objects.

    Raises: GitError.
    """
    found = Origins()
    commit: Commit | None = None
    with repository.reading(*_LOG) as output:
        for number, (commit, ids) in enumerate(_entries(split_nul(output))):
            if commit.id in wanted:
                found.commits[commit.id] = commit
            for id_, path in ids:
                if id_ in wanted:
                    # The walk goes back in time: the last that is met is the first that was.
                    found.paths.setdefault(id_, {})[path] = (number, commit)
    return found


def _entries(words: Iterator[bytes]) -> Iterator[tuple[Commit, list[tuple[str, str]]]]:
    """Give each commit with the objects that it has anew, and their paths."""
    commit: Commit | None = None
    ids: list[tuple[str, str]] = []
    for word in words:
        if word.startswith(_FIELD):
            if commit is not None:
                yield commit, ids
            commit, ids = _commit(word), []
        elif (raw := word.lstrip(b"\n")).startswith(b":"):
            # `:` and a mode and an id for each parent, then the result's, then the letters; the path is the next word.
            parents = len(raw) - len(raw.lstrip(b":"))
            id_ = raw.split()[2 * parents + 1].decode()
            ids.append((id_, os.fsdecode(next(words, b""))))
    if commit is not None:
        yield commit, ids


def _commit(word: bytes) -> Commit:
    _, id_, *author, seconds = word.split(_FIELD)
    at = datetime.fromtimestamp(int(seconds or 0), UTC)
    return Commit(id_.decode(), b" ".join(author).decode("utf-8", "replace"), at)
