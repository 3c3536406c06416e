"""Install a hook into a repository: before a commit, or before a push."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final, Literal, NamedTuple

from keywright.client.errors import LocalFileError
from keywright.client.replacing import put_file
from keywright.client.scan.git import Repository

HookName = Literal["pre-commit", "pre-push"]
_MARK: Final = "# Installed by `keywright scan --install-hook`."
_FLAGS: Final[dict[HookName, str]] = {"pre-commit": "--staged", "pre-push": "--pushed"}
_KEPT: Final = ".before-keywright"
# The program that installed it goes first: a desktop's git, or another person's, may have another PATH.
_SCRIPT: Final = """\
#!/bin/sh
{mark}
# It refuses what holds an AWS key; `git {command} --no-verify` goes past it.
{input}
earlier="$0{kept}"
if [ -x "$earlier" ]; then
  {told}"$earlier" "$@" || exit $?
fi
keywright={program}
[ -x "$keywright" ] || keywright=$(command -v keywright) || {{
  echo "keywright is neither at" {program} "nor on the PATH: nothing was looked at, so this is refused." >&2
  echo "Install it (pip install keywright), or go past it: git {command} --no-verify" >&2
  exit 1
}}
{told}"$keywright" scan {flag} --offline
"""
# git says on its pre-push hook's standard input what it is about to push; both hooks are to hear it.
_TELLING: Final[dict[HookName, tuple[str, str]]] = {
    "pre-commit": ("", ""),
    "pre-push": ('input=$(cat)\ntold() { [ -z "$input" ] || printf \'%s\\n\' "$input"; }', "told | "),
}


class Installed(NamedTuple):
    """A hook that is in place."""

    path: str
    earlier: str | None
    """Where the hook is that was there before; it goes first."""
    is_shared: bool
    """`core.hooksPath` leads outside the repository: other repositories have it too."""


class HookError(LocalFileError):
    """The hook cannot be put there; the message says why and what to do."""


def install_hook(
    repository: Repository, name: HookName, program: str, *, chain: bool, baseline: str | None = None
) -> Installed:
    """
    Put the hook where git looks for it (`core.hooksPath` too); with `chain`, one that is there goes first.

    `baseline` is a path from the root of the work tree, where git runs its hooks.

    Raises: HookError; GitError; OSError.
    """
    folder = Path(os.path.join(repository.folder, os.fsdecode(_hooks_path(repository))))  # noqa: PTH118 - absolute, or not
    path = folder / name
    earlier = path.with_name(name + _KEPT)
    if os.path.lexists(path) and _MARK.encode() not in _content(path):
        if not chain:
            raise HookError(f"{path} is there already: --chain keeps it, and runs it first")
        if os.path.lexists(earlier):
            raise HookError(f"{earlier} is there already, so {path} cannot be kept under this name: move one of them")
        folder.mkdir(parents=True, exist_ok=True)
        path.rename(earlier)
    listening, told = _TELLING[name]
    script = _SCRIPT.format(
        mark=_MARK,
        kept=_KEPT,
        command=name.removeprefix("pre-"),
        program=shlex.quote(program),
        flag=_FLAGS[name] if baseline is None else f"{_FLAGS[name]} --baseline {shlex.quote(baseline)}",
        input=listening,
        told=told,
    )
    folder.mkdir(parents=True, exist_ok=True)
    put_file(path, script.encode("utf-8", "surrogateescape"), mode=0o755)
    return Installed(str(path), str(earlier) if os.path.lexists(earlier) else None, _is_shared(repository, folder))


def _hooks_path(repository: Repository) -> bytes:
    return repository.output("rev-parse", "--git-path", "hooks").removesuffix(b"\n")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _is_shared(repository: Repository, folder: Path) -> bool:
    own = Path(os.fsdecode(repository.output("rev-parse", "--git-common-dir").removesuffix(b"\n")))
    places = [Path(repository.folder, own).resolve(), *([Path(repository.top).resolve()] if repository.top else [])]
    return not any(folder.resolve().is_relative_to(place) for place in places)
