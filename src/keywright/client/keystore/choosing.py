"""Which store: as asked, as KEYWRIGHT_STORE says, else the keyring where there is one, else the sealed file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from keywright.client.errors import KeystoreError
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.os_keyring import KeyringStore, usable_keyring
from keywright.client.keystore.passphrase import Ask, ask_at_terminal
from keywright.client.keystore.stored_key import KeyStore

STORES: Final = ("keyring", "file")
VARIABLE: Final = "KEYWRIGHT_STORE"


def open_store(environment: Mapping[str, str], name: str | None = None, *, ask: Ask = ask_at_terminal) -> KeyStore:
    """
    Give the store that new keys go to.

    `name` is one of STORES. Raises: KeystoreError.
    """
    name = name or _named(environment)
    if name is None:
        name = "file" if usable_keyring(recommended_only=True) is None else "keyring"
    return KeyringStore(environment) if name == "keyring" else FileStore(environment, ask)


def stores(
    environment: Mapping[str, str], *, ask: Ask = ask_at_terminal, for_tools: bool = False
) -> tuple[KeyStore, ...]:
    """Give both stores, the file first: it knows what it has without asking anybody."""
    return FileStore(environment, ask, for_tools=for_tools), KeyringStore(environment)


def holding(
    profile: str,
    environment: Mapping[str, str],
    *,
    ask: Ask = ask_at_terminal,
    among: Sequence[KeyStore] | None = None,
) -> KeyStore | None:
    """
    Give the store that has a profile's key; None where none has.

    Where both have one, the one that KEYWRIGHT_STORE names counts, else the file. `among` are both, where they are at
    hand: they remember a passphrase. Raises: KeystoreError.
    """
    having = [store for store in among or stores(environment, ask=ask) if profile in store.profiles()]
    named = _named(environment)
    return next((store for store in having if store.name == named), having[0] if having else None)


def _named(environment: Mapping[str, str]) -> str | None:
    name = environment.get(VARIABLE) or None
    if name is not None and name not in STORES:
        raise KeystoreError(f"{VARIABLE} takes {' or '.join(STORES)}, not {name!r}")
    return name
