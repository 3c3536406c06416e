"""How this very program is run from anywhere: by a cron job, a service or an IDE, with another PATH and folder."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from keywright.client.errors import AwsFileError

NAME: Final = "keywright"


def own_command() -> tuple[str, ...]:
    """
    Return the words that run this program, its path absolute and one that stays.

    Raises: AwsFileError, where it runs from an environment that is deleted later.
    """
    own = _own_script()
    names = list(_on_path())
    # The name in PATH is what an installer made for good (pipx, uv tool, Homebrew): it outlives what it leads to.
    for found in names:
        if own is not None and _is_same(found, own) and not _is_temporary(found):
            return (str(found),)
    if not _is_temporary(Path(sys.prefix)):
        return (str(own),) if own is not None else (sys.executable, "-m", NAME)
    for found in names:
        if not _is_temporary(found.resolve()):
            return (str(found),)
    raise AwsFileError(
        f"this keywright runs from {sys.prefix}, which is deleted later: install it, with `uv tool install {NAME}` or "
        f"`pipx install {NAME}`, and run this again"
    )


def command_line(*words: str) -> str:
    """Write a command of this program for a person: by its name where that finds it, else by its path."""
    own = _own_script()
    first = next(_on_path(), None)
    if own is None or (first is not None and _is_same(first, own)):
        return shlex.join((NAME, *words))
    return shlex.join((str(own), *words))


def _own_script() -> Path | None:
    """Find the script of this environment; None where there is only the module."""
    beside = Path(sys.executable).with_name(NAME)
    run = Path(os.path.abspath(sys.argv[0]))  # noqa: PTH100 - links stay
    user = Path(sysconfig.get_path("scripts", f"{os.name}_user")) / NAME
    for script in (beside, run, user):
        if script.name == NAME and script.is_file() and os.access(script, os.X_OK):
            return script
    return None


def _on_path() -> Iterator[Path]:
    """Yield what the name finds, the first first; an entry of PATH may be relative."""
    for folder in os.get_exec_path():
        found = shutil.which(NAME, path=folder or os.curdir)
        if found is not None:
            yield Path(os.path.abspath(found))  # noqa: PTH100 - links stay


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _is_temporary(path: Path) -> bool:
    """
    Check whether a path is in an environment made for one run, by `uvx`, `uv run --with` or `pipx run`.

    uv's are in its cache, which says so by CACHEDIR.TAG (a virtual environment of uv's has one too, at its own root);
    pipx's are in `pipx` of the user's cache, or in `.cache` of pipx's home.
    """
    inside = Path(sys.prefix) if path.is_relative_to(sys.prefix) else path
    if any((folder / "CACHEDIR.TAG").exists() for folder in inside.parents if not _is_environment(folder)):
        return True
    return any(
        folder.name == ".cache" or (folder.name == "pipx" and folder.parent.name in {".cache", "Caches"})
        for folder in inside.parents
        if folder.name == "pipx" or folder.parent.name == "pipx"
    )


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").exists()
