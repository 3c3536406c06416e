"""Where what is under way is remembered: `~/.local/state/keywright`, or `$XDG_STATE_HOME/keywright`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def state_folder(environment: Mapping[str, str], name: str) -> Path:
    """Name one of its folders."""
    state = environment.get("XDG_STATE_HOME")
    return (Path(state) if state else Path("~/.local/state").expanduser()) / "keywright" / name
