"""The keys of the key stores: the system's keyring, and the file that a passphrase seals."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from keywright.aws.secret import Secret
from keywright.client.keystore import KeyStore, StoredKey, stores
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.place import Place

_ONE_AT_A_TIME: Final = threading.Lock()
"""A store asks for its passphrase once, and keyrings are not made for threads."""


class StoredKeys:
    """Every profile's key in both stores."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._stores: Final = stores(environment)

    def find(self, access_key_id: str) -> list[Place]:
        """
        Give the places that hold a key.

        Raises: KeystoreError.
        """
        return [
            Place(f"{store.place} (profile {profile})", partial(_secret, store, profile))
            for store, profile in self._holders(access_key_id)
        ]

    def refuse_unwritable(self, old: KeyPair) -> None:
        """
        Have the passphrase before there is a new key to be put in.

        Raises: KeystoreError.
        """
        for store, profile in self._holders(old.access_key_id):
            _secret(store, profile)

    def replace(self, old: KeyPair, new: KeyPair) -> None:
        """
        Put a key in another's stead.

        Raises: KeystoreError.
        """
        for store, profile in list(self._holders(old.access_key_id)):
            with _ONE_AT_A_TIME:
                store.put(profile, StoredKey(new.access_key_id, new.secret))

    def _holders(self, access_key_id: str) -> Iterator[tuple[KeyStore, str]]:
        for store in self._stores:
            for profile in store.profiles():
                with _ONE_AT_A_TIME:
                    there = store.key_id(profile)
                if there == access_key_id:
                    yield store, profile


def _secret(store: KeyStore, profile: str) -> tuple[Secret, ...]:
    with _ONE_AT_A_TIME:
        stored = store.get(profile)
    return () if stored is None else (stored.secret,)
