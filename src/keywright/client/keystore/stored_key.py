"""A key as a store keeps it, and what a store does."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import Protocol, Self

from keywright.aws.secret import Secret


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An access key; `session_token` is there for temporary credentials only."""

    access_key_id: str
    secret: Secret
    session_token: Secret | None = None

    def as_text(self) -> str:
        """Write it as one JSON object, in the clear."""
        token = {} if self.session_token is None else {"SessionToken": self.session_token.reveal()}
        return json.dumps({"AccessKeyId": self.access_key_id, "SecretAccessKey": self.secret.reveal()} | token)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """
        Read what `as_text` wrote.

        Raises: ValueError.
        """
        try:
            values = json.loads(text)
            token = values.get("SessionToken")
            secret = Secret(values["SecretAccessKey"])
            return cls(values["AccessKeyId"], secret, None if token is None else Secret(token))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError("not a stored key") from None

    def secrets(self) -> tuple[Secret, ...]:
        """Give what nobody else may have: the secret, and the token where there is one."""
        return (self.secret,) if self.session_token is None else (self.secret, self.session_token)

    def is_same(self, other: StoredKey) -> bool:
        """Tell whether two are the same key, secret and token included."""
        return hmac.compare_digest(self.as_text().encode(), other.as_text().encode())


class KeyStore(Protocol):
    """
    One place that keeps keys, one for each profile.

    Every method raises KeystoreError.
    """

    name: str
    """`keyring` or `file`."""

    @property
    def place(self) -> str:
        """Say which keyring, or which file."""

    def profiles(self) -> tuple[str, ...]:
        """Name the profiles that have a key here, without unlocking anything."""

    def key_id(self, profile: str) -> str | None:
        """Give the id of a profile's key; None where there is no key."""

    def get(self, profile: str) -> StoredKey | None:
        """Give a profile's key; None where there is none."""

    def prove_writable(self, profile: str) -> None:
        """See that a key could be put here."""

    def put(self, profile: str, key: StoredKey) -> None:
        """Keep a key, durably, in place of the one that the profile had."""

    def delete(self, profile: str) -> bool:
        """Forget a profile's key; tell whether there was one."""
