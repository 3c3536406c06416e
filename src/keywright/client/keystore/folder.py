"""The folder of the stores, `~/.local/share/keywright`: mode 0700, and one writer at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from keywright.client.errors import KeystoreError
from keywright.client.locking import locked


def store_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder."""
    data = environment.get("XDG_DATA_HOME")
    return (Path(data) if data else Path("~/.local/share").expanduser()) / "keywright"


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """
    Be the only one who changes what is in the folder.

    Raises: KeystoreError, in place of any OSError within.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(folder):
            yield
    except OSError as error:
        raise KeystoreError(f"the store in {folder} cannot be changed: {error}") from error
