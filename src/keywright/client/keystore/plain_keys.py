"""The keys that stand in the AWS files in plain text, and what is left of them once they have gone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from keywright.aws.secret import Secret
from keywright.client.backups import backup_folder, clean_copies, overwrite_if_gone
from keywright.client.errors import AwsFileError
from keywright.client.file_names import files
from keywright.client.keystore.stored_key import StoredKey
from keywright.client.known_options import KEY_ID, SECRET, TOKEN
from keywright.client.profiles import Profile

_IN_ITS_PLACE: Final = b"moved-to-the-key-store"
_MOST_BYTES: Final = 4_000_000
_LONG: Final = 16


def plain_key(profile: Profile) -> StoredKey | None:
    """
    Read a profile's key, as tools read it; None where it has none in plain text.

    Raises: AwsFileError.
    """
    key_id, secret, token = (profile.value(option) for option in (KEY_ID, SECRET, TOKEN))
    if key_id is None and secret is None:
        return None
    if not key_id or not secret:
        raise AwsFileError(f"the profile {profile.name} has half a key: `keywright profiles lint` says where")
    return StoredKey(key_id, Secret(secret), Secret(token) if token else None)


@contextlib.contextmanager
def overwriting(environment: Mapping[str, str], key: StoredKey) -> Iterator[None]:
    """Overwrite what the AWS files were, once they have been replaced; a new file stands elsewhere on the disk."""
    with contextlib.ExitStack() as stack:
        held = []
        for path in files(environment):
            with contextlib.suppress(OSError):
                file = stack.enter_context(path.open("r+b"))
                if _holds(file.read(), key):
                    held.append(file)
        yield
        for file in held:
            overwrite_if_gone(file)


def clean_backups(environment: Mapping[str, str], key: StoredKey) -> list[Path]:
    """
    Take a key's secrets out of our copies of the AWS files; gives those that had one.

    Raises: OSError.
    """
    return clean_copies(backup_folder(environment), _secrets(key), _IN_ITS_PLACE)


def elsewhere(environment: Mapping[str, str], key: StoredKey) -> list[Path]:
    """Find other files beside the AWS files that hold a key's secret, such as an editor's copies."""
    named = {path.resolve() for path in files(environment)}
    found = []
    for folder in sorted({path.parent for path in named}):
        for path in sorted(folder.glob("*")):
            with contextlib.suppress(OSError):
                if path.resolve() in named or not path.is_file() or path.stat().st_size > _MOST_BYTES:
                    continue
                if _holds(path.read_bytes(), key):
                    found.append(path)
    return found


def _holds(content: bytes, key: StoredKey) -> bool:
    """Tell whether a content has a secret in it; a short one, such as LocalStack's `test`, is found in many a word."""
    return any(len(text) >= _LONG and text in content for text in _secrets(key))


def _secrets(key: StoredKey) -> list[bytes]:
    return [secret.reveal().encode() for secret in key.secrets()]
