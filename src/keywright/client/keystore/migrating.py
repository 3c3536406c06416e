"""
Move a profile's key: from plain text to a store, from one store to another, back to plain text.

INVARIANT: the key is where it goes, and has been read back from there, before it leaves where it was. Whoever is
killed in between finds it in both places, and may move it again.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from botocore.credentials import ProcessProvider
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from keywright.aws.secret import Secret
from keywright.client.aws_files import Written
from keywright.client.errors import KeystoreError
from keywright.client.keystore.choosing import VARIABLE, holding
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.plain_keys import clean_backups, elsewhere, overwriting, plain_key
from keywright.client.keystore.pointing import (
    PROCESS,
    point_to_file,
    point_to_store,
    process_of,
    refuse_other_key,
)
from keywright.client.keystore.stored_key import KeyStore, StoredKey
from keywright.client.profiles import Profile, read_profiles

PLAIN: Final = "plain"
UNLOCKED_SECONDS: Final = 12 * 3600
Verify = Callable[[str, StoredKey], str | None]
"""Asks the service, as a profile, whose key it is; gives the ARN, None where nobody is to be asked."""


@dataclass(frozen=True, slots=True)
class Move:
    """A key on its way; `source` None: it is in plain text."""

    profile: str
    key: StoredKey
    source: KeyStore | None
    there: Profile | None
    """What the AWS files say of the profile."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A key that has moved."""

    arn: str | None
    written: Written
    cleaned: tuple[Path, ...]
    """The copies of the AWS files that its secret has been taken out of."""
    left: tuple[Path, ...]
    """Other files that hold its secret still."""


def movable(environment: Mapping[str, str], target: str, both: Sequence[KeyStore]) -> tuple[str, ...]:
    """
    Name the profiles whose key can go to a target: the name of one of both stores, or `plain`.

    Raises: AwsFileError; KeystoreError; OSError.
    """
    plain = [one.name for one in read_profiles(environment)[0] if one.provider == "access key"]
    stored = {name: store.name for store in both for name in store.profiles()}
    from_stores = [name for name, store in stored.items() if store != target]
    return tuple(sorted({*from_stores, *(plain if target != PLAIN else ())}))


def find(profile: str, environment: Mapping[str, str], both: Sequence[KeyStore]) -> Move:
    """
    Find the key that tools use for a profile.

    Raises: AwsFileError; KeystoreError; OSError.
    """
    there = next((one for one in read_profiles(environment)[0] if one.name == profile), None)
    plain = None if there is None else plain_key(there)
    if plain is not None:
        return Move(profile, plain, None, there)
    store = holding(profile, environment, among=both)
    key = None if store is None else store.get(profile)
    if store is None or key is None:
        what = "there is no such profile" if there is None else f"its credentials come from: {there.provider}"
        raise KeystoreError(f"the profile {profile} has no key that could be moved ({what})")
    return Move(profile, key, store, there)


def move_to_store(
    move: Move, target: KeyStore, verify: Verify, environment: Mapping[str, str], *, replace_key: bool
) -> Moved:
    """
    Move a key to a store, and lead its profile there.

    Raises: AwsFileError; KeystoreError; OSError; what `verify` raises.
    """
    profile, key = move.profile, move.key
    if move.source is not None and move.source.name == target.name:
        # Perhaps it was moved by a process that was killed before it came to our copies.
        cleaned = len(clean_backups(environment, key))
        also = f"; its secret was still in {cleaned} of our copies of the AWS files, and is no more" if cleaned else ""
        raise KeystoreError(f"it is in the {target.name} already{also}")
    refuse_other_key(profile, key, environment, replace_key=False)
    before = target.get(profile)
    if before is not None and before.access_key_id != key.access_key_id and not replace_key:
        raise KeystoreError(
            f"the {target.name} has another key for the profile {profile}, {before.access_key_id}: "
            "--replace-key overwrites it"
        )
    target.put(profile, key)
    try:
        if isinstance(target, FileStore) and not target.is_open_to_tools():
            target.keep_unlocked(UNLOCKED_SECONDS)
        _read_back(profile, key, {**environment, VARIABLE: target.name})
        arn = verify(profile, key)
    except BaseException:
        _put_back(target, profile, before)
        raise
    # From here on the store may be the only place that has the key: whatever happens, it stays there.
    with overwriting(environment, key):
        written = point_to_store(profile, key, environment)
    if not _counts(profile, key):
        if move.source is None:
            point_to_file(profile, key, environment)
        _put_back(target, profile, before)
        raise KeystoreError("something else comes before a stored key of this profile: `keywright doctor` says what")
    if move.source is not None:
        move.source.delete(profile)
    copies = dict.fromkeys((*written.cleaned, *clean_backups(environment, key)))
    return Moved(arn, written, tuple(copies), tuple(elsewhere(environment, key)))


def move_to_file(move: Move, verify: Verify, environment: Mapping[str, str]) -> Moved:
    """
    Move a key back into the credentials file.

    Raises: AwsFileError; KeystoreError; OSError; what `verify` raises.
    """
    if move.source is None:
        raise KeystoreError("it is in plain text already")
    arn = verify(move.profile, move.key)
    written = point_to_file(move.profile, move.key, environment)
    move.source.delete(move.profile)
    return Moved(arn, written, (), ())


def _read_back(profile: str, key: StoredKey, environment: Mapping[str, str]) -> None:
    """Have botocore run the process as every tool will, and see that the very key comes back."""
    popen = partial(subprocess.Popen, env=dict(environment))
    settings = {"profiles": {profile: {PROCESS: process_of(profile, environment)}}}
    try:
        found = ProcessProvider(profile, lambda: settings, popen=popen).load().get_frozen_credentials()
    except BotoCoreError as error:
        raise KeystoreError(f"the stored key does not come back, and nothing was changed: {error}") from error
    token = None if found.token is None else Secret(found.token)
    if not StoredKey(found.access_key, Secret(found.secret_key), token).is_same(key):
        raise KeystoreError("another key comes back than the one that was stored; nothing was changed")


def _counts(profile: str, key: StoredKey) -> bool:
    """Tell whether tools, left to themselves, now come to the key."""
    try:
        found = Session(profile=profile).get_credentials()
        return found is not None and found.get_frozen_credentials().access_key == key.access_key_id
    except BotoCoreError:
        return False


def _put_back(store: KeyStore, profile: str, before: StoredKey | None) -> None:
    if before is None:
        store.delete(profile)
    else:
        store.put(profile, before)
