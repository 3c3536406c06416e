"""
Keep the sealed file's key for a while, so that tools which cannot ask may read it, and need not hash the passphrase.

The kernel's keyring holds it; where there is none (macOS) or it is forbidden (most containers), an agent does. Either
drops it when its time is up. It is never written to a file.
"""

from __future__ import annotations

import hashlib
import struct
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from keywright.client.keystore import kernel_keyring

MOST_SECONDS: Final = 7 * 24 * 3600
_FORM: Final = struct.Struct(">Q32s16s")
_NO_MARK: Final = bytes(16)


class Keeper(StrEnum):
    """What holds a key."""

    KERNEL = "kernel keyring"
    AGENT = "agent"


class KeptKey(NamedTuple):
    """A sealed file's key."""

    key: bytes
    until: int
    """In seconds since 1970."""
    mark: bytes
    """The passphrase file that it is kept for, `mark_of` it; else zeros."""
    keeper: Keeper
    process: int | None
    """The agent's."""


def slot(salt: str, *, for_file: bool = False) -> str:
    """Name what is kept for a sealed file: by the salt, which another passphrase changes."""
    name = hashlib.sha256(salt.encode()).hexdigest()[:16]
    return f"{name}-file" if for_file else name


def keep(name: str, key: bytes, until: int, environment: Mapping[str, str], mark: bytes = _NO_MARK) -> None:
    """
    Keep a key.

    Raises: KeystoreError.
    """
    secret, seconds = _FORM.pack(until, key, mark), max(1, until - int(time.time()))
    try:
        kernel_keyring.keep(name, secret, seconds)
    except kernel_keyring.NoKernelKeyring:
        from keywright.client.keystore import agent_client

        agent_client.keep(name, secret, seconds, environment)


def kept_key(name: str, environment: Mapping[str, str]) -> KeptKey | None:
    """Return what is kept; None where there is nothing, or its time is up."""
    secret, keeper, process = kernel_keyring.read(name), Keeper.KERNEL, None
    if secret is None:
        from keywright.client.keystore import agent_client

        held = agent_client.read(name, environment)
        if held is None:
            return None
        secret, keeper, process = held.secret, Keeper.AGENT, held.process
    if len(secret) != _FORM.size:
        return None
    until, key, mark = _FORM.unpack(secret)
    return KeptKey(key, until, mark, keeper, process) if until > time.time() else None


def forget(name: str, environment: Mapping[str, str]) -> bool:
    """Drop the key; return whether it was kept."""
    from keywright.client.keystore import agent_client

    was_kept = kept_key(name, environment) is not None
    kernel_keyring.forget(name)
    agent_client.forget(name, environment)
    return was_kept
