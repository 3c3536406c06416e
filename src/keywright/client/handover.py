"""
Hand a key over in a file that only its recipient can read: age v1 (https://age-encryption.org/v1).

Inside is a CSV that the stock CLI imports as well (`aws configure import --csv`), with where the key belongs in two
columns more. Whoever has `age` or `rage` needs nothing of ours to open it.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage  # type: ignore[import-untyped]

from keywright.aws.secret import Secret
from keywright.client.csv_keys import CsvKey
from keywright.client.recipients import BY_PASSPHRASE, as_recipient
from keywright.client.replacing import put_file

_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Nothing in it that is read out wrongly (l and 1, o and 0)."""
_GROUPS: Final = 6
_HEADER: Final = ("User name", "Access key ID", "Secret access key", "Region", "Endpoint URL")


def handover_name(user_name: str) -> str:
    """Name the file, as the console names its own."""
    return f"{user_name}_accessKeys.csv.age"


def new_passphrase() -> Secret:
    """Make a passphrase that can be read out over the telephone: 120 random bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_GROUPS))
    return Secret("-".join(groups))


def write_handover(path: Path, key: CsvKey, recipients: Sequence[str], passphrase: Secret | None) -> None:
    """
    Write a key into an encrypted file, durably.

    Raises: OSError; RecipientError.
    """
    put_file(path, seal(key, recipients, passphrase))


def seal(key: CsvKey, recipients: Sequence[str], passphrase: Secret | None) -> bytes:
    """
    Encrypt a key, as text that survives a chat or a mail.

    Raises: RecipientError.
    """
    content = _content(key)
    if tuple(recipients) == (BY_PASSPHRASE,):
        assert passphrase is not None  # INVARIANT: it was asked for
        return bytes(pyrage.passphrase.encrypt(content, passphrase.reveal(), armored=True))
    return bytes(pyrage.encrypt(content, [as_recipient(one) for one in recipients], armored=True))


def _content(key: CsvKey) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(_HEADER)
    rows.writerow(
        (key.user_name or "", key.access_key_id, key.secret.reveal(), key.region or "", key.endpoint_url or "")
    )
    return text.getvalue().encode()
