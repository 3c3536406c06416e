"""`keywright migrate`: keys out of plain text into a store, between stores, or back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import failure
from keywright.client.cli.terminal import Exit, moment, note, paint, printable
from keywright.client.errors import AwsFileError, KeystoreError
from keywright.client.identity import owner_of_new_key
from keywright.client.keystore import KeyStore, StoredKey, open_store, stores
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.migrating import PLAIN, Move, find, movable, move_to_file, move_to_store
from keywright.client.session import SignInError, reason, sign_in_with
from keywright.client.shred import LIMITS

_NAMES: Final = {"keyring": "the keyring", "file": "the sealed file", PLAIN: "plain text"}


@dataclass(frozen=True, slots=True)
class MigratedKey:
    """One key that has moved."""

    profile: Annotated[str, "the profile"]
    access_key_id: Annotated[str, "its key"]
    source: Annotated[str, "where it was: keyring, file or plain"]
    target: Annotated[str, "where it is now"]
    arn: Annotated[str | None, "whose it is, as the service says; null with --no-verify"]
    changed: Annotated[tuple[Path, ...], "the AWS files that were written"]
    cleaned: Annotated[tuple[Path, ...], "our copies of the AWS files that its secret was taken out of"]
    left: Annotated[tuple[Path, ...], "other files beside the AWS files that hold its secret still"]


@dataclass(frozen=True, slots=True)
class NotMigrated:
    """One key that has not."""

    profile: Annotated[str, "the profile"]
    why: Annotated[str, "why"]


@dataclass(frozen=True, slots=True)
class Migrated:
    """`migrate`."""

    keys: Annotated[tuple[MigratedKey, ...], "the keys that have moved"]
    failed: Annotated[tuple[NotMigrated, ...], "those that have not; they are where they were"]


def run_migrate(flags: Mapping[str, Any]) -> Exit:
    """Move the keys, one after another; one that cannot be moved stays where it was."""
    target = flags["to"] or open_store(os.environ).name
    # Each asks for its passphrase once.
    both = stores(os.environ)
    store = next((one for one in both if one.name == target), None)
    names = movable(os.environ, target, both) if flags["all"] else (flags["profile"],)
    moved: list[MigratedKey] = []
    failed: list[NotMigrated] = []
    code = Exit.FINE
    for name in names:
        try:
            moved.append(_move(find(name, os.environ, both), store, flags))
        except (SignInError, BotoCoreError, ClientError) as error:
            # Before OSError, which some of botocore's are too.
            said = reason(error) if isinstance(error, BotoCoreError | ClientError) else str(error)
            failed.append(NotMigrated(name, f"its key does not work: {said}. --no-verify moves it all the same"))
            code = Exit.UNREACHABLE
        except (AwsFileError, KeystoreError, OSError) as error:
            failed.append(NotMigrated(name, str(error)))
            code = max(code, Exit.NEGATIVE)
        else:
            if not flags["json"]:
                _tell(moved[-1])
    if flags["json"]:
        unreached = failure(failed[-1].why, code) if code is Exit.UNREACHABLE else None
        print(as_json(Migrated(tuple(moved), tuple(failed)), unreached))
    elif not names:
        print("There is no key to move")
    for one in failed:
        note(f"keywright: the key of the profile {one.profile} stays where it is: {one.why}")
    if moved:
        _advise(store, moved)
    return code


def _move(move: Move, store: KeyStore | None, flags: Mapping[str, Any]) -> MigratedKey:
    def verify(profile: str, key: StoredKey) -> str | None:
        if flags["no_verify"]:
            return None
        where = flags["region"], flags["endpoint_url"]
        settings = None if move.there is None else profile
        signed_in = sign_in_with(key.access_key_id, key.secret, *where, token=key.session_token, profile=settings)
        return owner_of_new_key(signed_in.client("sts"))

    if store is None:
        done = move_to_file(move, verify, os.environ)
    else:
        done = move_to_store(move, store, verify, os.environ, replace_key=flags["replace_key"])
    return MigratedKey(
        move.profile,
        move.key.access_key_id,
        PLAIN if move.source is None else move.source.name,
        PLAIN if store is None else store.name,
        done.arn,
        done.written.changed,
        done.cleaned,
        done.left,
    )


def _tell(one: MigratedKey) -> None:
    moved = f"{one.access_key_id}, profile {one.profile}: from {_NAMES[one.source]} to {_NAMES[one.target]}"
    print(f"{paint('Moved', 'green')} {printable(moved)}")
    print(f"  {one.arn or 'not verified'}")
    for path in one.cleaned:
        print(f"  took its secret out of our copy {path}")
    for path in one.left:
        print(paint(f"  {path} holds its secret too: remove it", "yellow"))


def _advise(store: KeyStore | None, moved: list[MigratedKey]) -> None:
    if any(one.source == PLAIN for one in moved):
        note(f"The old files were overwritten, as far as that goes: {LIMITS}. To be sure, `keywright rotate` the keys")
    if isinstance(store, FileStore):
        unlocked = store.unlocked()
        if unlocked is not None:
            note(f"Tools can read the file until {moment(unlocked.until)}; after that: `keywright store unlock`")
