"""
Remember a rotation until its last step is done: `~/.local/state/keywright/rotating`, a file per old key, mode 0600.

A step is written before it is taken; whoever is killed goes on from there. No secret stands in it in plain text: each
key's is sealed with the other's, which is in the places (`seals`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from keywright.client.journal_form import Form, JournalError, damaged, read_journal, refuse, write_journal
from keywright.client.replacing import remove_left_over
from keywright.client.state_folder import state_folder


class Step(StrEnum):
    """What is being done; forward the first six, back the last two."""

    CREATING = "creating"
    STORING = "storing"
    """The new key is there; it is proved, then put into the places."""
    WATCHING = "watching"
    """The places have the new key; the old one is active until it is unused."""
    DEACTIVATING = "deactivating"
    INACTIVE = "inactive"
    """The old key is inactive, and can come back at once."""
    DELETING = "deleting"
    RESTORING = "restoring"
    """The old key comes back, first to life, then into the places."""
    RESTORED = "restored"
    """The places have the old key; the new one is deleted once it is unused."""


_MOMENTS: Final = ("started_at", "stored_at", "deactivated_at")
_FORM: Final = Form(
    "rotation",
    {name: name for name in ("started_at", "account_id", "step", "profile", "region", "endpoint_url")},
)
_LISTS: Final = ("also", "places", "keys_before")


@dataclass(frozen=True, slots=True)
class Rotation:
    """One key that is being rotated."""

    step: Step
    started_at: datetime
    user_name: str
    account_id: str
    old_access_key_id: str
    profile: str | None
    """The profile that signs the calls; with the region and the endpoint what `sign_in` takes."""
    region: str | None
    endpoint_url: str | None
    mfa_serial: str | None
    config_file: str
    credentials_file: str
    also: tuple[str, ...]
    """The files of --also, absolute."""
    places: tuple[str, ...]
    """Where the old key was, for people."""
    keys_before: tuple[str, ...]
    new_description: str | None
    """What the new key's tag is to say; None where it gets none."""
    deactivate_after_seconds: int
    delete_after_seconds: int
    new_access_key_id: str | None = None
    new_sealed: str | None = dataclasses.field(default=None, repr=False)
    """The new secret, sealed with the old one, while a place may hold the old one alone."""
    old_sealed: str | None = dataclasses.field(default=None, repr=False)
    """The old secret, sealed with the new one."""
    stored_at: datetime | None = None
    """By the service's clock, as is the next: when the places had the new key (RESTORED: the old one again)."""
    deactivated_at: datetime | None = None

    @property
    def flags(self) -> dict[str, Any]:
        """Give what `sign_in` takes."""
        return {"profile": self.profile, "region": self.region, "endpoint_url": self.endpoint_url}

    @property
    def is_going_back(self) -> bool:
        """Tell whether the old key is to stay."""
        return self.step in {Step.RESTORING, Step.RESTORED}

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Give an environment in which the AWS files are those of the rotation's beginning."""
        named = {"AWS_CONFIG_FILE": self.config_file, "AWS_SHARED_CREDENTIALS_FILE": self.credentials_file}
        return {**environment, **named}


def rotations_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder."""
    return state_folder(environment, "rotating")


class Records:
    """The rotations that are not finished; whoever changes them holds `journal.only_one` of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder

    def write(self, rotation: Rotation) -> Rotation:
        """
        Write a rotation down, durably; gives it.

        Raises: OSError.
        """
        values = dataclasses.asdict(rotation)
        for name in _MOMENTS:
            values[name] = values[name] and values[name].isoformat()
        path = self._path(rotation)
        remove_left_over(path)
        write_journal(path, _FORM, values)
        return rotation

    def forget(self, rotation: Rotation) -> None:
        """
        Be done with a rotation.

        Raises: OSError.
        """
        self._path(rotation).unlink(missing_ok=True)

    def read(self, unread: Callable[[JournalError], None] = refuse) -> list[Rotation]:
        """
        Give what is not finished, the oldest first; `unread` is told of each file that cannot be read.

        Raises: OSError.
        """
        found = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                found.append(_read(path))
            except JournalError as error:
                unread(error)
        return sorted(found, key=lambda one: (one.started_at, one.old_access_key_id))

    def find(self, old_access_key_id: str) -> Rotation | None:
        """
        Give a key's rotation; None where it is finished, by whomever.

        Raises: JournalError; OSError.
        """
        path = self.folder / f"{old_access_key_id}.json"
        try:
            return _read(path)
        except FileNotFoundError:
            return None

    def _path(self, rotation: Rotation) -> Path:
        return self.folder / f"{rotation.old_access_key_id}.json"


def _read(path: Path) -> Rotation:
    values = read_journal(path, _FORM)
    try:
        moments = {name: values[name] and datetime.fromisoformat(values[name]) for name in _MOMENTS}
        lists = {name: tuple(values[name]) for name in _LISTS}
        return Rotation(**{**values, **moments, **lists, "step": Step(values["step"])})
    except (KeyError, TypeError, ValueError):
        raise damaged(path) from None
