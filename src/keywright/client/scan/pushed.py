"""What git is about to push, as it tells its pre-push hook."""

from __future__ import annotations

from collections.abc import Iterable

from keywright.client.scan.git import GitError, Repository


def revisions_pushed(repository: Repository, lines: Iterable[str]) -> list[str]:
    """
    Give the arguments by which `git rev-list` names what the other side lacks; none: nothing is sent.

    `lines` are the hook's: local ref, local id, remote ref, remote id.

    Raises: GitError, where a line is none of these.
    """
    new: list[str] = []
    known: list[str] = []
    for line in lines:
        words = line.split()
        if not words:
            continue
        if len(words) != 4:
            raise GitError("on standard input stands what is no line of git's pre-push hook: see githooks(5)")
        _, local, _, remote = words
        if local.strip("0"):
            new.append(local)
        if remote.strip("0") and _has(repository, remote):
            known.append(f"^{remote}")
    return [*new, *known, "--not", "--remotes"] if new else []


def _has(repository: Repository, id_: str) -> bool:
    """Tell whether an object is here: the other side may be ahead."""
    try:
        repository.output("cat-file", "-e", id_)
    except GitError:
        return False
    return True
