"""Where the sealed file's passphrase comes from: a file that is named, or somebody at a terminal."""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from keywright.aws.secret import Secret
from keywright.client.errors import KeystoreError

PASSPHRASE_FILE: Final = "KEYWRIGHT_STORE_PASSPHRASE_FILE"  # noqa: S105 - a variable's name
FEWEST_CHARACTERS: Final = 8
Ask = Callable[[str], Secret | None]
"""Asks a question; None where there is nobody to answer."""


def passphrase_from_file(environment: Mapping[str, str]) -> Secret | None:
    """
    Read the file that the variable names, without its last line end; None where it names none.

    Raises: KeystoreError.
    """
    name = environment.get(PASSPHRASE_FILE)
    if not name:
        return None
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise KeystoreError(f"{PASSPHRASE_FILE} names a file that cannot be read: {error}") from error
    passphrase = Secret(text.removesuffix("\n").removesuffix("\r"))
    if not passphrase.reveal():
        raise KeystoreError(f"{PASSPHRASE_FILE} names an empty file: {name}")
    return passphrase


def mark_of_file(environment: Mapping[str, str]) -> bytes | None:
    """
    Return a mark of the named file, another once it is written or replaced; None where it names no plain file.

    Of its place and times, not of its content: a quick hash of a passphrase would help who guesses.
    """
    name = environment.get(PASSPHRASE_FILE)
    try:
        status = Path(name).expanduser().stat() if name else None
    except OSError:
        return None
    if (
        name is None
        or status is None
        or not stat.S_ISREG(status.st_mode)
        or not os.access(Path(name).expanduser(), os.R_OK)
    ):
        return None
    parts = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return hashlib.sha256(repr(parts).encode()).digest()[:16]


def ask_at_terminal(question: str) -> Secret | None:
    """Ask at the terminal itself, even where the streams lead elsewhere."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return None
    sys.stdout.flush()
    try:
        return Secret(getpass.getpass(question))
    except EOFError:
        return None


def ask_nobody(_question: str) -> Secret | None:
    """Be where no question can be seen, as in a process whose output is captured."""
    return None


def refuse_weak(passphrase: Secret) -> None:
    """
    Refuse a new passphrase that is guessed too soon.

    Raises: KeystoreError.
    """
    if len(passphrase.reveal()) < FEWEST_CHARACTERS:
        raise KeystoreError(f"the store's passphrase has at least {FEWEST_CHARACTERS} characters; nothing was changed")
