"""
Remember what is being done with a new key until it is done: `~/.local/state/keywright/issuing`, mode 0600.

An entry is written before the key is asked for; once the key is there, with its secret, until that is stored. Whoever
is killed in between loses nothing: `keywright resume` finishes, or undoes.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from keywright.aws.secret import Secret
from keywright.client.csv_keys import CsvKey
from keywright.client.journal_form import Form, JournalError, damaged, read_journal, refuse, write_journal
from keywright.client.locking import locked
from keywright.client.profile_keys import PLAIN
from keywright.client.shred import shred
from keywright.client.state_folder import state_folder

_FORM: Final = Form(
    "issue",
    {
        "started_at": "started_at",
        "caller_profile": "profile",
        "region": "region",
        "endpoint_url": "endpoint_url",
    },
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key that is being issued."""

    started_at: datetime
    user_name: str
    profile: str | None
    """The profile that is to have the key; None: it is handed over."""
    replace_key: bool
    description: str
    csv_file: str | None
    caller_profile: str | None
    region: str | None
    endpoint_url: str | None
    keys_before: tuple[str, ...]
    access_key_id: str | None = None
    secret_access_key: str | None = dataclasses.field(default=None, repr=False)
    store: str = PLAIN
    """Where the profile has it from."""
    recipients: tuple[str, ...] = ()
    """For whom it is encrypted, where it is handed over."""
    handover_file: str | None = None

    @property
    def key(self) -> CsvKey:
        """Give the key that was made."""
        assert self.access_key_id is not None  # INVARIANT: it was made
        assert self.secret_access_key is not None
        secret = Secret(self.secret_access_key)
        return CsvKey(self.user_name, self.access_key_id, secret, 0, self.region, self.endpoint_url)

    @property
    def flags(self) -> Mapping[str, Any]:
        """Give what `sign_in` takes."""
        return {"profile": self.caller_profile, "region": self.region, "endpoint_url": self.endpoint_url}


def journal_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder."""
    return state_folder(environment, "issuing")


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Be the only one who works on what a journal remembers: a key that another just makes looks like a lost one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder):
        for left in folder.glob(".*.keywright-*"):
            # Of a process that was killed while it wrote an entry, or removed one; it may hold the secret.
            shred(left)
        yield


def name_entry(folder: Path, started_at: datetime) -> Path:
    """Name a new entry, so that it sorts after all that were begun before; whoever asks holds `only_one`."""
    # By the service's clock, which counts seconds: several can begin in one.
    second = f"{started_at:%Y%m%dT%H%M%S}-"
    numbers = [path.stem.removeprefix(second) for path in folder.glob(f"{second}*.json")]
    return folder / f"{second}{max((int(one) for one in numbers if one.isdecimal()), default=0) + 1:08}.json"


def write_entry(path: Path, entry: Entry) -> None:
    """
    Write an entry, durably.

    Raises: OSError.
    """
    write_journal(path, _FORM, dataclasses.asdict(entry) | {"started_at": entry.started_at.isoformat()})


def remove_entry(path: Path) -> None:
    """
    Forget what is done; it held the secret.

    Raises: OSError.
    """
    done = path.with_name(f".{path.name}.keywright-done")
    # Under this name it is no entry any more: one that is half overwritten could not be read.
    path.replace(done)
    shred(done)


def read_entries(folder: Path, unread: Callable[[JournalError], None] = refuse) -> list[tuple[Path, Entry]]:
    """
    Read what was not finished, the oldest first; `unread` is told of each file that cannot be read.

    Raises: OSError.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append((path, _entry(path)))
        except JournalError as error:
            unread(error)
    return found


def _entry(path: Path) -> Entry:
    values = read_journal(path, _FORM)
    try:
        values["started_at"] = datetime.fromisoformat(values["started_at"])
        for name in ("keys_before", "recipients"):
            values[name] = tuple(values.get(name, ()))
        return Entry(**values)
    except (KeyError, TypeError, ValueError):
        raise damaged(path) from None
