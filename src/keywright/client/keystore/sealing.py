"""
Seal keys with a passphrase: AES-256-GCM, its key by argon2id.

The parameters are the second of those that RFC 9106, section 4, recommends: 64 MiB, three passes, four lanes.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from keywright.aws.secret import Secret
from keywright.client.errors import KeystoreError

_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_MOST_KIB: Final = 1024 * 1024
_MOST_PASSES: Final = 100
_MOST_LANES: Final = 64


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a passphrase becomes a key."""

    salt: str
    """In hexadecimal."""
    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4

    @classmethod
    def new(cls) -> Self:
        """Make one with a salt of its own."""
        return cls(secrets.token_hex(_SALT_BYTES))

    @classmethod
    def read(cls, values: Any) -> Self:
        """
        Read one from a file, which may ask for no more than a machine has.

        Raises: KeyError, TypeError, ValueError.
        """
        one = cls(str(values["salt"]), int(values["passes"]), int(values["memory_kib"]), int(values["lanes"]))
        bytes.fromhex(one.salt)
        if not (0 < one.passes <= _MOST_PASSES and 0 < one.lanes <= _MOST_LANES and 0 < one.memory_kib <= _MOST_KIB):
            raise ValueError("the derivation's parameters are out of bounds")
        return one

    def as_values(self) -> dict[str, Any]:
        """Write it for a file."""
        return asdict(self)

    def key(self, passphrase: Secret) -> bytes:
        """
        Derive the key.

        Raises: KeystoreError.
        """
        # Imported here: who finds the store unlocked has no use for it.
        from argon2.exceptions import Argon2Error
        from argon2.low_level import Type, hash_secret_raw

        try:
            return hash_secret_raw(
                passphrase.reveal().encode(),
                bytes.fromhex(self.salt),
                self.passes,
                self.memory_kib,
                self.lanes,
                _KEY_BYTES,
                Type.ID,
            )
        except Argon2Error as error:
            raise KeystoreError(f"the passphrase's key cannot be derived: {error}") from error


def seal(key: bytes, text: bytes, about: bytes) -> str:
    """Seal a text, bound to what it is about; gives nonce and ciphertext in hexadecimal."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return (nonce + AESGCM(key).encrypt(nonce, text, about)).hex()


def unseal(key: bytes, sealed: str, about: bytes) -> bytes | None:
    """Open what was sealed; None where it was with another key, about something else, or has been changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        content = bytes.fromhex(sealed)
        return AESGCM(key).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        return None
