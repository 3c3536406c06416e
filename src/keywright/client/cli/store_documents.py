"""What `keywright store … --json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One key of `list`."""

    profile: Annotated[str, "the profile"]
    access_key_id: Annotated[str | None, "its key; null where its store does not say"]
    store: Annotated[str, "keyring or file"]
    why: Annotated[str | None, "why its store does not say"]


@dataclass(frozen=True, slots=True)
class KeyList:
    """`store list`."""

    keys: Annotated[tuple[ListedKey, ...], "the keys, by profile"]


@dataclass(frozen=True, slots=True)
class ShownKey:
    """`store show`."""

    profile: Annotated[str, "the profile"]
    access_key_id: Annotated[str, "its key"]
    account_id: Annotated[str | None, "the key's account, read off its id; null for old ids, which do not carry it"]
    store: Annotated[str, "keyring or file"]
    place: Annotated[str, "which keyring, or which file"]
    secret_access_key: Annotated[str, "its secret, masked without --show-secret"]
    session_token: Annotated[str | None, "its session token, masked likewise; null for a long-term key"]


@dataclass(frozen=True, slots=True)
class PutKey:
    """`store put`."""

    profile: Annotated[str, "the profile"]
    access_key_id: Annotated[str, "the key"]
    store: Annotated[str, "keyring or file"]
    place: Annotated[str, "which keyring, or which file"]
    changed: Annotated[tuple[Path, ...], "the AWS files that were written"]
    backups: Annotated[tuple[Path, ...], "the AWS files as they were before"]


@dataclass(frozen=True, slots=True)
class Deleted:
    """`store delete`."""

    profile: Annotated[str, "the profile"]
    stores: Annotated[tuple[str, ...], "the stores that had its key"]
    changed: Annotated[tuple[Path, ...], "the AWS files that were written"]
    backups: Annotated[tuple[Path, ...], "the AWS files as they were before"]


@dataclass(frozen=True, slots=True)
class Status:
    """`store status`."""

    store: Annotated[str, "where new keys go: keyring or file"]
    keyring: Annotated[str | None, "this session's keyring; null where it has none"]
    file: Annotated[Path, "the sealed file, which may not be there yet"]
    file_keys: Annotated[int, "how many keys are in it"]
    unlocked_until: Annotated[datetime | None, "until when tools may read it; null while it is locked"]
    unlocked_by: Annotated[str | None, "what holds its key until then: kernel keyring or agent"]
    agent_process: Annotated[int | None, "the agent's process; null where there is none"]
    passphrase_file: Annotated[Path | None, "the file of KEYWRIGHT_STORE_PASSPHRASE_FILE, which unlocks it too"]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """`store unlock`."""

    file: Annotated[Path, "the sealed file"]
    until: Annotated[datetime, "until when tools may read it, at the longest"]
    by: Annotated[str, "what holds its key until then: kernel keyring or agent"]


@dataclass(frozen=True, slots=True)
class LockedAgain:
    """`store lock`."""

    was_unlocked: Annotated[bool, "it was unlocked until now"]


@dataclass(frozen=True, slots=True)
class PassphraseChanged:
    """`store passphrase`."""

    file: Annotated[Path, "the sealed file"]
    keys: Annotated[int, "how many keys were sealed anew"]
