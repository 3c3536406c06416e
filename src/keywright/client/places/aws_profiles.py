"""The profiles of both AWS files that hold a key."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial

from keywright.aws.secret import Secret
from keywright.client import ini_edits
from keywright.client.aws_files import Lines, edit
from keywright.client.file_names import Kind, files, header_of, profile_of
from keywright.client.ini import Section, parse
from keywright.client.known_options import KEY_ID, SECRET
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.place import Place, PlaceError
from keywright.client.profiles import Profile, Setting, read_profiles


class AwsProfiles:
    """Every profile of ~/.aws/credentials and ~/.aws/config, the ones that the other file hides too."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def find(self, access_key_id: str) -> list[Place]:
        """
        Give the places that hold a key.

        Raises: OSError.
        """
        return [
            Place(f"{setting.path}:{setting.line} (profile {profile.name})", partial(_secrets, profile, setting))
            for profile, setting in self._holders(access_key_id)
        ]

    def refuse_unwritable(self, old: KeyPair) -> None:
        """
        Find what would keep a key from being replaced.

        Raises: AwsFileError; PlaceError.
        """
        if not self.find(old.access_key_id):
            return
        edit(self._environment, lambda _lines: None, about=frozenset())
        for path in files(self._environment):
            folder = path.resolve().parent
            if path.exists() and not os.access(folder, os.W_OK | os.X_OK):
                raise PlaceError(f"{path} cannot be replaced: {folder} is not writable")

    def replace(self, old: KeyPair, new: KeyPair) -> None:
        """
        Put a key in another's stead, in all profiles at once.

        Raises: AwsFileError; OSError.
        """
        names = frozenset(profile.name for profile, _ in self._holders(old.access_key_id))
        if not names:
            return

        def change(lines: Lines) -> None:
            for kind in Kind:
                while (section := _first(lines.of(kind), kind, old.access_key_id)) is not None:
                    options = {KEY_ID: new.access_key_id, SECRET: new.secret.reveal()}
                    header = header_of(profile_of(section.name, kind) or "", kind)
                    ini_edits.set_options(lines.of(kind), section, header, options)

        edit(self._environment, change, about=names)

    def _holders(self, access_key_id: str) -> Iterator[tuple[Profile, Setting]]:
        for profile in read_profiles(self._environment)[0]:
            for setting in profile.settings:
                if setting.name == KEY_ID and setting.value == access_key_id:
                    yield profile, setting


def _secrets(profile: Profile, key: Setting) -> tuple[Secret, ...]:
    return tuple(Secret(one.value) for one in profile.settings if one.name == SECRET and one.kind is key.kind)


def _first(lines: list[str], kind: Kind, access_key_id: str) -> Section | None:
    """Find a profile with a key; the lines are read anew each time, because an edit moves them."""
    return next(
        (
            one
            for one in parse(lines).sections
            if profile_of(one.name, kind) is not None and one.value(KEY_ID) == access_key_id
        ),
        None,
    )
