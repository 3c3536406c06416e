"""
What stands in the sealed file: one JSON object.

The names of the profiles and the ids of their keys can be read; secrets and tokens are sealed, each bound to its
profile and id. `check` seals nothing: only the right key opens it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from keywright.client.errors import KeystoreError
from keywright.client.keystore.sealing import Derivation, seal, unseal
from keywright.client.keystore.stored_key import StoredKey

_VERSION: Final = 1
_CHECK: Final = b"keywright keys 1"


class SealedKey(NamedTuple):
    """A key of the file."""

    access_key_id: str
    sealed: str


@dataclass(slots=True)
class SealedFile:
    """The file's content."""

    derivation: Derivation
    check: str
    keys: dict[str, SealedKey] = field(default_factory=dict)

    @classmethod
    def new(cls, derivation: Derivation, key: bytes) -> Self:
        """Begin one, whose key is this."""
        return cls(derivation, seal(key, b"", _CHECK))

    @classmethod
    def read(cls, content: bytes, path: Path) -> Self:
        """
        Read a file's content.

        Raises: KeystoreError.
        """
        try:
            values = json.loads(content)
            version = values["version"]
            if version == _VERSION:
                keys = {
                    str(name): SealedKey(str(one["access_key_id"]), str(one["sealed"]))
                    for name, one in values["keys"].items()
                }
                return cls(Derivation.read(values["argon2id"]), str(values["check"]), keys)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeystoreError(f"{path} is damaged, or no store of Keywright's: restore it from a backup") from None
        raise KeystoreError(f"{path} has the form {version!r}, which this version of Keywright does not know")

    def as_bytes(self) -> bytes:
        """Write the file's content."""
        values: dict[str, Any] = {
            "version": _VERSION,
            "argon2id": self.derivation.as_values(),
            "check": self.check,
            "keys": {name: one._asdict() for name, one in sorted(self.keys.items())},
        }
        return json.dumps(values, indent=1).encode() + b"\n"

    def is_opened_by(self, key: bytes) -> bool:
        """Tell whether a key is the file's."""
        return unseal(key, self.check, _CHECK) is not None

    def put(self, profile: str, stored: StoredKey, key: bytes) -> None:
        """Seal a profile's key."""
        sealed = seal(key, stored.as_text().encode(), _about(profile, stored.access_key_id))
        self.keys[profile] = SealedKey(stored.access_key_id, sealed)

    def get(self, profile: str, key: bytes) -> StoredKey | None:
        """
        Open a profile's key.

        Raises: KeystoreError.
        """
        one = self.keys.get(profile)
        if one is None:
            return None
        text = unseal(key, one.sealed, _about(profile, one.access_key_id))
        if text is None:
            raise KeystoreError(f"the stored key of the profile {profile} has been changed: restore it from a backup")
        return StoredKey.from_text(text.decode())


def _about(profile: str, access_key_id: str) -> bytes:
    return json.dumps([_VERSION, profile, access_key_id]).encode()
