"""
Seal each of the two secrets with the other, so that the journal holds neither.

Every place holds one of the two at any moment, and so opens what the journal keeps of the other; the journal alone
opens nothing. A secret has 240 random bits: a hash makes a key of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from keywright.aws.secret import Secret
from keywright.client.keystore.sealing import seal, unseal
from keywright.client.places.key_pair import KeyPair

_PURPOSE = b"keywright rotation"


def seal_with(other: Secret, pair: KeyPair) -> str:
    """Seal a key's secret with another secret."""
    return seal(_key(other), pair.secret.reveal().encode(), pair.access_key_id.encode())


def open_with(candidates: Iterable[Secret], sealed: str, access_key_id: str) -> tuple[Secret, Secret] | None:
    """Open what was sealed with one of some secrets; gives that one, and what was sealed."""
    for candidate in candidates:
        text = unseal(_key(candidate), sealed, access_key_id.encode())
        if text is not None:
            return candidate, Secret(text.decode())
    return None


def _key(secret: Secret) -> bytes:
    return hmac.digest(secret.reveal().encode(), _PURPOSE, "sha256")
