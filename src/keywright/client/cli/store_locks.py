"""`keywright store status | unlock | lock | passphrase`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keywright.client.cli.documents import as_json
from keywright.client.cli.store_documents import LockedAgain, PassphraseChanged, Status, Unlocked
from keywright.client.cli.terminal import Exit, columns, moment, note
from keywright.client.errors import KeystoreError
from keywright.client.keystore import open_store
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.os_keyring import usable_keyring
from keywright.client.keystore.passphrase import PASSPHRASE_FILE, ask_at_terminal


def run_status(flags: Mapping[str, Any]) -> Exit:
    """Say which stores there are, and in what state."""
    file = _file()
    try:
        keyring = usable_keyring(recommended_only=False)
    except KeystoreError:
        keyring = None
    unlocked, named = file.unlocked(), os.environ.get(PASSPHRASE_FILE)
    document = Status(
        open_store(os.environ).name,
        None if keyring is None else keyring.name,
        file.path,
        len(file.profiles()),
        None if unlocked is None else unlocked.until,
        None if unlocked is None else unlocked.keeper,
        None if unlocked is None else unlocked.process,
        Path(named) if named else None,
    )
    if flags["json"]:
        print(as_json(document))
        return Exit.FINE
    state = f"{_count(document.file_keys)}, {_state(document)}" if document.file_keys else "no keys"
    rows = [
        ("New keys go to:", f"the {document.store}"),
        ("Keyring:", document.keyring or "none in this session"),
        ("Sealed file:", f"{document.file}, {state}"),
    ]
    print(columns(rows))
    return Exit.FINE


def _state(status: Status) -> str:
    if status.unlocked_until is None:
        return "locked" if status.passphrase_file is None else f"unlocked by the passphrase in {status.passphrase_file}"
    agent = f", process {status.agent_process}" if status.agent_process is not None else ""
    return f"unlocked until {moment(status.unlocked_until)} (its key is in the {status.unlocked_by}{agent})"


def run_unlock(flags: Mapping[str, Any]) -> Exit:
    """Ask for the passphrase, and let tools read for a while."""
    file = _file()
    until = file.keep_unlocked(flags["for"])
    unlocked = file.unlocked()
    if unlocked is None:
        raise KeystoreError(f"{file.path} was locked again, or changed, just now")
    if flags["json"]:
        print(as_json(Unlocked(file.path, until, unlocked.keeper)))
    else:
        print(
            f"Unlocked {file.path} until {moment(until)}, for all processes of yours (its key is in the "
            f"{unlocked.keeper}); `keywright store lock` locks it"
        )
    return Exit.FINE


def run_lock(flags: Mapping[str, Any]) -> Exit:
    """Let no tool read any more."""
    was_unlocked = _file().lock()
    if flags["json"]:
        print(as_json(LockedAgain(was_unlocked)))
    else:
        print("Locked" if was_unlocked else "It was locked already")
    if os.environ.get(PASSPHRASE_FILE):
        note(f"Tools that have {PASSPHRASE_FILE} can still read it")
    return Exit.FINE


def run_passphrase(flags: Mapping[str, Any]) -> Exit:
    """Seal the file anew with another passphrase."""
    file = _file()
    keys = file.change_passphrase()
    if flags["json"]:
        print(as_json(PassphraseChanged(file.path, keys)))
    else:
        print(f"Sealed {_count(keys)} of {file.path} with the new passphrase; it is locked")
    return Exit.FINE


def _file() -> FileStore:
    return FileStore(os.environ, ask_at_terminal)


def _count(keys: int) -> str:
    return "1 key" if keys == 1 else f"{keys} keys"
