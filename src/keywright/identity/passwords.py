"""Console passwords: kept as argon2id hashes only."""

from __future__ import annotations

import base64
import secrets
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


def hash_password(password: str, *, like: str | None = None) -> str:
    """
    Hash a password: about 50 ms and 64 MiB, which is the point of it.

    `like` is a hash whose salt to use again. A user's passwords all have the same salt, so that one look tells whether
    a new one was ever used: two dozen verifications, a second and more, would tell no better.
    """
    return _hasher().hash(password, salt=None if like is None else _salt_of(like))


def is_password(password_hash: str, password: str) -> bool:
    """Tell whether a password is the one that was hashed: as slow as hashing."""
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(password_hash, password)
    except VerificationError:
        return False


def placeholder_hash() -> str:
    """Make a hash of no password at all: to verify against it takes as long as against a real one, and fails."""
    from argon2.low_level import ARGON2_VERSION

    hasher = _hasher()
    salt, digest = (_encode(secrets.token_bytes(size)) for size in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


@cache
def _hasher() -> PasswordHasher:
    """Make the hasher; a server's start has no use for it."""
    from argon2 import PasswordHasher

    return PasswordHasher()


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii").rstrip("=")


def _salt_of(password_hash: str) -> bytes:
    encoded = password_hash.split("$")[4]
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4))
