"""Console passwords: kept as argon2id hashes only."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher

_HASHER: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a password: about 50 ms and 64 MiB, which is the point of it."""
    return _HASHER.hash(password)
