"""Put a key into a profile, in plain text or in a key store that the profile then asks, and take it out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keywright.client.aws_files import Written, set_profile
from keywright.client.backups import backup_folder
from keywright.client.csv_keys import CsvKey
from keywright.client.errors import AwsFileError, KeystoreError
from keywright.client.file_names import Kind, files
from keywright.client.keystore import STORES, StoredKey, holding, open_store, stores
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.pointing import PROCESS, is_ours, point_to_store
from keywright.client.known_options import KEY_ID, SECRET, TOKEN
from keywright.client.profiles import read_profiles
from keywright.client.writable import prove_writable

PLAIN: Final = "plain"
PLACES: Final = (PLAIN, *STORES)


def refuse_taken(profile: str, access_key_id: str | None, environment: Mapping[str, str]) -> None:
    """
    Keep another key that a profile has, in the files or in a store: its secret may be nowhere else.

    Raises: AwsFileError; KeystoreError; OSError.
    """
    store = holding(profile, environment)
    held = {_value(profile, KEY_ID, environment), None if store is None else store.key_id(profile)}
    for other in held - {None, access_key_id}:
        raise AwsFileError(f"the profile {profile} has another key, {other}")


def prepare(profile: str, place: str, environment: Mapping[str, str]) -> None:
    """
    See that the AWS files and a store can take a key before there is one; a store may ask for its passphrase.

    Raises: LocalFileError; KeystoreError.
    """
    named = files(environment)
    for path in (named.config, named.credentials, backup_folder(environment) / "copy"):
        prove_writable(path)
    if place != PLAIN:
        store = open_store(environment, place)
        store.get(profile)
        store.prove_writable(profile)
        if isinstance(store, FileStore):
            store.unlock()


def put_key(
    profile: str, key: CsvKey, place: str, environment: Mapping[str, str], *, replace_key: bool = False
) -> Written:
    """
    Put a key, and where it belongs, into a profile; it can be done again.

    Raises: AwsFileError; KeystoreError; OSError.
    """
    if not replace_key:
        refuse_taken(profile, key.access_key_id, environment)
    where = {name: value for name, value in (("region", key.region), ("endpoint_url", key.endpoint_url)) if value}
    if place == PLAIN:
        ours = is_ours(_value(profile, PROCESS, environment), profile)
        written = set_profile(
            profile,
            {Kind.CREDENTIALS: {KEY_ID: key.access_key_id, SECRET: key.secret.reveal()}, Kind.CONFIG: where},
            environment,
            unset=frozenset({TOKEN, PROCESS} if ours else {TOKEN}),
            replace_key=replace_key,
        )
    else:
        stored = StoredKey(key.access_key_id, key.secret)
        store = open_store(environment, place)
        store.put(profile, stored)
        kept = store.get(profile)
        if kept is None or not kept.is_same(stored):
            raise KeystoreError(f"{store.place} does not give back the key that was put into it")
        written = point_to_store(profile, stored, environment, options=where, replace_key=replace_key)
    for store in stores(environment):
        # A key that another store has for the profile would be found before this one.
        if store.name != place and profile in store.profiles():
            store.delete(profile)
    return written


def take_out(profile: str, access_key_id: str, environment: Mapping[str, str]) -> None:
    """
    Take a key out of a profile, and out of the stores, if it is the one that is there.

    Raises: AwsFileError; KeystoreError; OSError.
    """
    gone: set[str] = set()
    for store in stores(environment):
        if profile in store.profiles() and store.key_id(profile) == access_key_id:
            store.delete(profile)
            gone |= {PROCESS} if is_ours(_value(profile, PROCESS, environment), profile) else set()
    if _value(profile, KEY_ID, environment) == access_key_id:
        gone |= {KEY_ID, SECRET}
    set_profile(profile, {}, environment, unset=frozenset(gone))


def _value(profile: str, option: str, environment: Mapping[str, str]) -> str | None:
    return next((one.value(option) for one in read_profiles(environment)[0] if one.name == profile), None)
