"""What can go wrong with a store."""

from __future__ import annotations

from keywright.client.errors import KeystoreError


class Locked(KeystoreError):
    """The store is locked, and there is nobody to ask for its passphrase."""
