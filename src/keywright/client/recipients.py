"""
For whom a hand-over is encrypted: an age recipient, an SSH key, or whoever knows a passphrase.

age's SSH recipients are `ssh-ed25519` and `ssh-rsa`; ECDSA and hardware keys (`sk-…`) cannot decrypt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pyrage  # type: ignore[import-untyped]

from keywright.client.errors import UsageError

BY_PASSPHRASE: Final = "passphrase"  # noqa: S105 - the word for it
_MAX_BYTES: Final = 100_000
_SSH: Final = ("ssh-", "ecdsa-", "sk-")
_FORMS: Final = "an age1… recipient, an ssh-ed25519 or ssh-rsa public key, a file of such lines, or `passphrase`"


class RecipientError(UsageError):
    """Nobody can be handed anything so; the message says why and what to give instead."""


def read_recipients(text: str) -> tuple[str, ...]:
    """
    Read what `--for` names: `passphrase`, a recipient, or a file of recipients, one a line.

    Raises: OSError; RecipientError.
    """
    if text == BY_PASSPHRASE:
        return (BY_PASSPHRASE,)
    lines = [text] if text.startswith(("age1", *_SSH)) else _lines_of(text)
    for line in lines:
        as_recipient(line)
    return tuple(lines)


def as_recipient(line: str) -> Any:
    """
    Read one recipient, as pyrage takes it.

    Raises: RecipientError.
    """
    known = pyrage.x25519 if line.startswith("age1") else pyrage.ssh
    try:
        return known.Recipient.from_str(line)
    except pyrage.RecipientError as error:
        kind = line.split(maxsplit=1)[0][:40] if line.startswith(_SSH) else "this"
        why = f"{kind} cannot be encrypted to"
        if line.startswith(("ssh-ed25519", "ssh-rsa")):
            why = f"the {kind} key is cut off, misspelt, or of fewer than 2048 bits"
        elif line.startswith("age1"):
            why = "the age recipient is misspelt, or of a plugin"
        raise RecipientError(f"{why}: --for takes {_FORMS}") from error


def _lines_of(name: str) -> list[str]:
    if "PRIVATE KEY" in name or name.startswith("AGE-SECRET-KEY-"):
        raise RecipientError("that is a private key, which stays with its owner: --for takes the public one")
    path = Path(name).expanduser()
    if not path.is_file():
        raise RecipientError(f"{name} is no file, and no recipient: --for takes {_FORMS}")
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES)
    if b"PRIVATE KEY" in content or b"AGE-SECRET-KEY-" in content:
        raise RecipientError(f"{name} is a private key, which stays with its owner: --for takes the public one")
    try:
        lines = [line.strip() for line in content.decode().splitlines()]
    except UnicodeDecodeError:
        raise RecipientError(f"{name} is no text: --for takes {_FORMS}") from None
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise RecipientError(f"{name} names nobody: --for takes {_FORMS}")
    return found
