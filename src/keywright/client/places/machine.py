"""Every place on this machine that holds a key: the AWS files, the key stores, and the files that are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from keywright.aws.secret import Secret
from keywright.client.aws_files import rewrite
from keywright.client.places.aws_profiles import AwsProfiles
from keywright.client.places.key_files import KeyFiles
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.place import Kind, Place, PlaceError
from keywright.client.places.stored_keys import StoredKeys


class Machine:
    """The machine, as its environment and the named files (`also`) say."""

    def __init__(self, environment: Mapping[str, str], also: Sequence[Path] = ()) -> None:
        self._environment: Final = environment
        self._files: Final = KeyFiles(also)
        self._kinds: Final[tuple[Kind, ...]] = (AwsProfiles(environment), StoredKeys(environment), self._files)

    def find(self, access_key_id: str) -> list[Place]:
        """
        Give the places that hold a key.

        Raises: PlaceError; KeystoreError; OSError.
        """
        return [place for kind in self._kinds for place in kind.find(access_key_id)]

    def secrets(self, *access_key_ids: str) -> Iterator[Secret]:
        """
        Give what may be the secrets of keys, the likeliest first, none twice.

        Raises: PlaceError; KeystoreError; OSError.
        """
        seen: set[str] = set()
        for place in (place for one in access_key_ids for place in self.find(one)):
            for secret in place.secrets():
                if secret.reveal() not in seen:
                    seen.add(secret.reveal())
                    yield secret

    def refuse_unwritable(self, old: KeyPair) -> None:
        """
        Find what would keep a key from being replaced, before there is another.

        Raises: PlaceError; AwsFileError; KeystoreError; OSError.
        """
        for kind in self._kinds:
            kind.refuse_unwritable(old)

    def remove_half_written(self) -> None:
        """
        Remove what a process that was killed has left of changing a place, when nothing else would.

        Raises: AwsFileError; OSError.
        """
        # Whoever locks the AWS files removes such, even where they write nothing.
        rewrite(self._environment, lambda _originals: {})
        self._files.remove_half_written()

    def replace(self, old: KeyPair, new: KeyPair) -> None:
        """
        Put a key in another's stead in every place, and see that it is there; done again, it does what is left.

        Raises: PlaceError; AwsFileError; KeystoreError; OSError.
        """
        for kind in self._kinds:
            kind.replace(old, new)
        left = self.find(old.access_key_id)
        if left:
            raise PlaceError(f"{left[0].where} still holds {old.access_key_id}: another program wrote it just now")
        for place in self.find(new.access_key_id):
            if not any(one.reveal() == new.secret.reveal() for one in place.secrets()):
                raise PlaceError(f"{place.where} holds the id {new.access_key_id}, but not its secret")
