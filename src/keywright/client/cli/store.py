"""`keywright store list | show | put | delete`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from keywright.aws.identifiers import account_of
from keywright.aws.secret import Secret
from keywright.client.cli.documents import as_json
from keywright.client.cli.key_prompt import read_key
from keywright.client.cli.store_documents import Deleted, KeyList, ListedKey, PutKey, ShownKey
from keywright.client.cli.terminal import MASK, Exit, columns, confirm, is_interactive, note, stop
from keywright.client.errors import KeystoreError
from keywright.client.keystore import KeyStore, StoredKey, holding, open_store, stores
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.pointing import point_nowhere, point_to_store, refuse_other_key
from keywright.client.known_options import KEY_ID, SECRET, TOKEN


def run_list(flags: Mapping[str, Any]) -> Exit:
    """List the keys of both stores."""
    keys = tuple(
        sorted(
            (_listed(store, profile) for store in stores(os.environ) for profile in store.profiles()),
            key=lambda one: (one.profile, one.store),
        )
    )
    if flags["json"]:
        print(as_json(KeyList(keys)))
    elif keys:
        rows = [(one.profile, one.access_key_id or f"unknown: {one.why}", one.store) for one in keys]
        print(columns([("PROFILE", "ACCESS KEY ID", "STORE"), *rows]))
    else:
        note("There is no key in a store yet: `keywright migrate --profile NAME` moves a plain one there")
    return Exit.NEGATIVE if any(one.why for one in keys) else Exit.FINE


def run_show(flags: Mapping[str, Any]) -> Exit:
    """Show a key."""
    store = _holding(flags["profile"])
    key = store.get(flags["profile"])
    if key is None:
        stop(f"the {store.name} has no key for the profile {flags['profile']} any more")

    def shown(secret: Secret) -> str:
        return secret.reveal() if flags["show_secret"] else MASK

    document = ShownKey(
        flags["profile"],
        key.access_key_id,
        account_of(key.access_key_id),
        store.name,
        store.place,
        shown(key.secret),
        None if key.session_token is None else shown(key.session_token),
    )
    if flags["json"]:
        print(as_json(document))
        return Exit.FINE
    rows = [
        ("Profile:", document.profile),
        ("Key:", document.access_key_id),
        ("Account:", document.account_id or "unknown: the key's id does not carry it"),
        ("Store:", f"{document.store}, {document.place}"),
        ("Secret:", document.secret_access_key),
    ]
    print(columns(rows + ([("Token:", document.session_token)] if document.session_token else [])))
    return Exit.FINE


def run_put(flags: Mapping[str, Any]) -> Exit:
    """Take a key, keep it, and lead its profile to the store."""
    profile = flags["profile"]
    store = open_store(os.environ, flags["to"])
    values = read_key("store put")
    token = Secret(values[TOKEN]) if TOKEN in values else None
    key = StoredKey(values[KEY_ID], Secret(values[SECRET]), token)
    refuse_other_key(profile, key, os.environ, replace_key=flags["replace_key"])
    _refuse_stored(profile, key, replace_key=flags["replace_key"])
    store.put(profile, key)
    options = {name: flags[name] for name in ("region", "endpoint_url") if flags[name] is not None}
    written = point_to_store(profile, key, os.environ, options=options, replace_key=flags["replace_key"])
    for other in stores(os.environ):
        if other.name != store.name and profile in other.profiles():
            other.delete(profile)
    if flags["json"]:
        print(as_json(PutKey(profile, key.access_key_id, store.name, store.place, written.changed, written.backups)))
    else:
        print(f"Stored {key.access_key_id} for the profile {profile} in the {store.name}, {store.place}")
        print(f"  see that it works: keywright verify --profile {profile}")
    if isinstance(store, FileStore) and not store.is_open_to_tools():
        note("Tools can read it once it is unlocked: `keywright store unlock`")
    return Exit.FINE


def run_delete(flags: Mapping[str, Any]) -> Exit:
    """Forget a key, and lead its profile to no store any more."""
    profile = flags["profile"]
    having = [store for store in stores(os.environ) if profile in store.profiles()] or [_holding(profile)]
    if not flags["yes"]:
        if not is_interactive():
            stop(f"to forget the key of the profile {profile} without asking takes --yes", Exit.USAGE)
        if not confirm(f"Forget the key of the profile {profile}? Its secret may be nowhere else"):
            stop("nothing was deleted")
    deleted = tuple(store.name for store in having if store.delete(profile))
    written = point_nowhere(profile, os.environ)
    if flags["json"]:
        print(as_json(Deleted(profile, deleted, written.changed, written.backups)))
    else:
        print(f"Deleted the key of the profile {profile} from the {' and the '.join(deleted) or 'list'}")
    note("The key still works wherever else it is: deactivate it if nobody needs it")
    return Exit.FINE


def _listed(store: KeyStore, profile: str) -> ListedKey:
    try:
        key_id = store.key_id(profile)
    except KeystoreError as error:
        return ListedKey(profile, None, store.name, str(error))
    return ListedKey(profile, key_id, store.name, None if key_id else f"the {store.name} has it no more")


def _holding(profile: str) -> KeyStore:
    store = holding(profile, os.environ)
    if store is None:
        return stop(f"no store has a key for the profile {profile}: `keywright store list` shows those that there are")
    return store


def _refuse_stored(profile: str, key: StoredKey, *, replace_key: bool) -> None:
    """Keep a secret that may be nowhere else."""
    if replace_key:
        return
    for store in stores(os.environ):
        there = store.key_id(profile) if profile in store.profiles() else None
        if there not in {None, key.access_key_id}:
            stop(f"the {store.name} has another key for the profile {profile}, {there}: --replace-key overwrites it")
