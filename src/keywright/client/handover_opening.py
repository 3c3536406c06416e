"""Open a file that was handed over: by a passphrase, by an SSH key, or by an age identity."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pyrage  # type: ignore[import-untyped]
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from keywright.aws.secret import Secret
from keywright.client.errors import LocalFileError

_VERSION: Final = b"age-encryption.org/v1\n"
_ARMOR: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_MAX_BYTES: Final = 1_000_000
_SSH_KEYS: Final = ("id_ed25519", "id_rsa")
AskPassphrase = Callable[[str], Secret]
"""Asks for the passphrase of what it is told."""


class OpeningError(LocalFileError):
    """The file stays closed; the message says why and what to do."""


def read_sealed(path: Path) -> bytes:
    """
    Read a file that is encrypted.

    Raises: OpeningError; OSError.
    """
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise OpeningError("it is far larger than a key is")
    if not is_sealed(content):
        raise OpeningError("it is not an age file: the console's own is read by `keywright import`")
    return content


def is_sealed(content: bytes) -> bool:
    """Tell whether a content is an age file, in either form."""
    return content.lstrip().startswith(_ARMOR) or content.startswith(_VERSION)


def wants_passphrase(content: bytes) -> bool:
    """Tell whether it was encrypted with a passphrase."""
    header = content
    if content.lstrip().startswith(_ARMOR):
        lines = content.strip().splitlines()[1:-1]
        try:
            header = base64.b64decode(b"".join(lines), validate=True)
        except binascii.Error:
            raise OpeningError("it is cut off, or was changed on its way: have it sent again") from None
    return header.startswith(_VERSION + b"-> scrypt ")


def open_with_passphrase(content: bytes, passphrase: Secret) -> bytes:
    """
    Decrypt a file by its passphrase.

    Raises: OpeningError.
    """
    try:
        return bytes(pyrage.passphrase.decrypt(content, passphrase.reveal()))
    except pyrage.DecryptError as error:
        raise OpeningError("the passphrase is wrong, or the file was changed on its way") from error


def open_with_identities(content: bytes, paths: Sequence[Path], ask: AskPassphrase) -> bytes:
    """
    Decrypt a file by the first of these keys that can: those without a passphrase are tried first.

    Raises: OpeningError; OSError.
    """
    if not paths:
        raise OpeningError("there is no key here to open it with: name an SSH key or an age identity by --identity")
    locked: list[tuple[Path, bytes]] = []
    for path in paths:
        text = path.read_bytes()
        if _is_locked(path, text):
            locked.append((path, text))
        elif (opened := _decrypt(content, _identities(path, text, None))) is not None:
            return opened
    for path, text in locked:
        if (opened := _decrypt(content, _identities(path, text, ask(str(path))))) is not None:
            return opened
    tried = ", ".join(str(path) for path in paths)
    raise OpeningError(f"it is for another key than {tried}, or was changed on its way: name yours by --identity")


def identities_in(path: Path, ask: AskPassphrase) -> list[Any]:
    """
    Read a key file, asking for its passphrase where it has one.

    Raises: OpeningError; OSError.
    """
    text = path.read_bytes()
    return _identities(path, text, ask(str(path)) if _is_locked(path, text) else None)


def identities_here(home: Path) -> list[Path]:
    """Give a person's own SSH keys."""
    return [path for name in _SSH_KEYS if (path := home / ".ssh" / name).is_file()]


def _decrypt(content: bytes, identities: list[Any]) -> bytes | None:
    try:
        return bytes(pyrage.decrypt(content, identities))
    except pyrage.DecryptError:
        return None


def _is_locked(path: Path, text: bytes) -> bool:
    if is_sealed(text):
        return True
    try:
        _identities(path, text, None)
    except TypeError:
        # So cryptography says that there is a passphrase.
        return True
    return False


def _identities(path: Path, text: bytes, passphrase: Secret | None) -> list[Any]:
    """
    Read a key file: one SSH private key, or age identities, one a line; either may be locked.

    Raises: OpeningError; TypeError where it takes a passphrase.
    """
    if is_sealed(text) and passphrase is not None:
        text = open_with_passphrase(text, passphrase)
    try:
        if b"PRIVATE KEY-----" in text:
            return [pyrage.ssh.Identity.from_buffer(_unlocked(text, passphrase))]
        lines = [line.strip() for line in text.decode().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, ValueError) as error:
        why = "its passphrase is another, or " if passphrase is not None else ""
        raise OpeningError(f"{path}: {why}it is no ssh-ed25519 or ssh-rsa private key, and no age identity") from error
    if not found:
        raise OpeningError(f"{path} holds no key")
    return found


def _unlocked(text: bytes, passphrase: Secret | None) -> bytes:
    """
    Write an SSH key as one without a passphrase, in memory: rage takes no other.

    Raises: TypeError where it takes a passphrase; ValueError.
    """
    load = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in text else load_pem_private_key
    try:
        key = load(text, passphrase and passphrase.reveal().encode())
        return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
