"""What to type for the `keywright` that runs: an installation in a virtual environment is often not on the PATH."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path


def own_command(started_as: str) -> str:
    """Return the command for a process whose `sys.argv[0]` is `started_as`: its name, where the PATH leads to it."""
    path = Path(started_as)
    if path.name == "__main__.py":
        return shlex.join([sys.executable, "-m", "keywright"])
    on_path = shutil.which(path.name)
    if on_path is not None and Path(on_path).resolve() == path.resolve():
        return path.name
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
