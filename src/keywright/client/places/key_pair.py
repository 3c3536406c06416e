"""A long-term key, both halves of it."""

from __future__ import annotations

from typing import NamedTuple

from keywright.aws.secret import Secret


class KeyPair(NamedTuple):
    """What stands in a place."""

    access_key_id: str
    secret: Secret
