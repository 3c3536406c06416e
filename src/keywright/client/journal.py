"""
Remember what is being done with a new key until it is done: `~/.local/state/keywright/issuing`, mode 0600.

An entry is written before the key is asked for; once the key is there, with its secret, until that is stored. Whoever
is killed in between loses nothing: `keywright resume` finishes, or undoes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from keywright.client.replacing import put_file


@dataclass(frozen=True, slots=True)
class Entry:
    """One key that is being issued."""

    started_at: datetime
    user_name: str
    profile: str
    """The profile that is to have the key."""
    replace_key: bool
    description: str
    csv_file: str | None
    caller_profile: str | None
    region: str | None
    endpoint_url: str | None
    keys_before: tuple[str, ...]
    access_key_id: str | None = None
    secret_access_key: str | None = dataclasses.field(default=None, repr=False)

    @property
    def flags(self) -> Mapping[str, Any]:
        """Give what `sign_in` takes."""
        return {"profile": self.caller_profile, "region": self.region, "endpoint_url": self.endpoint_url}


def journal_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder."""
    state = environment.get("XDG_STATE_HOME")
    return (Path(state) if state else Path("~/.local/state").expanduser()) / "keywright" / "issuing"


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Be the only one who issues or resumes: a key that another is just making looks like a lost one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_entry(path: Path, entry: Entry) -> None:
    """
    Write an entry, durably.

    Raises: OSError.
    """
    values = dataclasses.asdict(entry) | {"started_at": entry.started_at.isoformat()}
    put_file(path, json.dumps(values).encode())


def read_entries(folder: Path) -> list[tuple[Path, Entry]]:
    """
    Read what was not finished, the oldest first.

    Raises: OSError.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        values = json.loads(path.read_bytes())
        values["started_at"] = datetime.fromisoformat(values["started_at"])
        values["keys_before"] = tuple(values["keys_before"])
        found.append((path, Entry(**values)))
    return found
