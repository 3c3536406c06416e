"""Look at the program of a `credential_process` without running it: whether every tool, from anywhere, can start it."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from keywright.client.errors import AwsFileError
from keywright.client.keystore.pointing import PROCESS, is_ours, process_of

_MOST_BYTES = 256


class Fault(NamedTuple):
    """What is wrong with a process, and what to type next."""

    what: str
    next: str
    is_fatal: bool = True
    """No tool can start it; else those of another PATH or folder cannot."""


def program_fault(process: str, profile: str) -> Fault | None:
    """Return what is wrong with a process's program, as what follows `the credential_process …`; None: nothing."""
    show = f"keywright profiles show {shlex.quote(profile)}"
    try:
        words = shlex.split(process)
    except ValueError as error:
        return Fault(f"cannot be split into words ({error})", show)
    renewed = _renewed(words, profile)
    if not words:
        return Fault("is empty", renewed or show)
    program = words[0]
    if program.startswith(("~", "$")):
        return Fault(f"names {program}, and tools expand neither ~ nor variables there", _absolute(words, profile))
    found = shutil.which(program) if "/" not in program else program
    if found is None:
        return Fault(f"names {program}, which is not found in PATH", renewed or show)
    fault = _file_fault(Path(found), renewed or show)
    if fault is not None:
        return fault
    if not Path(program).is_absolute():
        what = f"names {program} without its full path: cron jobs, IDEs and services may not find it"
        return Fault(what, renewed or _absolute(words, profile), is_fatal=False)
    return None


def _file_fault(path: Path, then: str) -> Fault | None:
    if not path.exists():
        target = f", a link to {path.readlink()}, which was deleted" if path.is_symlink() else ""
        return Fault(f"names {path}, which does not exist{target}", then)
    if path.is_dir():
        return Fault(f"names {path}, which is a folder", then)
    if not os.access(path, os.X_OK):
        return Fault(f"names {path}, which is not executable", f"chmod +x {shlex.quote(str(path))}")
    interpreter = _interpreter(path)
    if interpreter is not None and not interpreter.exists():
        return Fault(f"names {path}, whose first line names {interpreter}, which does not exist", then)
    return None


def _interpreter(path: Path) -> Path | None:
    try:
        with path.open("rb") as file:
            first = file.read(_MOST_BYTES).splitlines()[:1]
    except OSError:
        # What may be run need not be readable.
        return None
    if not first or not first[0].startswith(b"#!"):
        return None
    named = first[0][2:].split()
    return Path(os.fsdecode(named[0])) if named else None


def _renewed(words: Sequence[str], profile: str) -> str | None:
    """Write the command that puts our own path of today in place of one of another day."""
    if not is_ours(shlex.join(words), profile):
        return None
    try:
        return _set(profile, process_of(profile, os.environ))
    except AwsFileError:
        return None


def _absolute(words: Sequence[str], profile: str) -> str:
    program = os.path.expandvars(str(Path(words[0]).expanduser()))
    found = shutil.which(program) or program
    return _set(profile, shlex.join((os.path.abspath(found), *words[1:])))  # noqa: PTH100 - links stay


def _set(profile: str, process: str) -> str:
    return shlex.join(("keywright", "profiles", "set", profile, f"{PROCESS}={process}"))
