"""What a place is that holds a key, and what a kind of places can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from keywright.aws.secret import Secret
from keywright.client.errors import LocalFileError
from keywright.client.places.key_pair import KeyPair


class PlaceError(LocalFileError):
    """A place cannot be changed; the message says why and what to do, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place that holds a key."""

    where: str
    """`path:line`, with the profile where it is one; or the store and its entry."""
    secrets: Callable[[], tuple[Secret, ...]] = field(repr=False, compare=False)
    """Gives what may be the key's secret there, the likeliest first; a locked store asks for its passphrase."""


class Kind(Protocol):
    """A kind of places: it finds a key wherever it is in them, and puts another in its stead."""

    def find(self, access_key_id: str) -> list[Place]:
        """
        Give the places that hold a key.

        Raises: PlaceError; KeystoreError; OSError.
        """
        ...

    def refuse_unwritable(self, old: KeyPair) -> None:
        """
        Find what would keep a key from being replaced, before there is another.

        Raises: PlaceError; AwsFileError; KeystoreError; OSError.
        """
        ...

    def replace(self, old: KeyPair, new: KeyPair) -> None:
        """
        Put a key in another's stead wherever that is; done again, it does what is left.

        Raises: PlaceError; AwsFileError; KeystoreError; OSError.
        """
        ...
