"""A keyring as `keyring` takes it from a module of its name; its entries lie in a file, for processes to share."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

NAME = "tests.unit.client.fake_keyring.Keyring"
PLAIN_NAME = "tests.unit.client.fake_keyring.PlainKeyring"
SILENT_NAME = "tests.unit.client.fake_keyring.SilentKeyring"
LOCKED_NAME = "tests.unit.client.fake_keyring.LockedKeyring"


def entries(home: Path) -> dict[str, str]:
    """Give what is in the keyring of a home, by `service/name`."""
    path = home / "keyring.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


class Keyring(KeyringBackend):
    """A keyring that works."""

    priority: float = 5

    def get_password(self, service: str, username: str) -> str | None:
        """Give an entry."""
        return entries(_home()).get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        self._change({f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Forget an entry."""
        if self.get_password(service, username) is None:
            raise PasswordDeleteError("not found")
        self._change({f"{service}/{username}": None})

    def _change(self, change: dict[str, str | None]) -> None:
        descriptor = os.open(_home(), os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            kept = {name: value for name, value in (entries(_home()) | change).items() if value is not None}
            (_home() / "keyring.json").write_text(json.dumps(kept))
        finally:
            os.close(descriptor)


class PlainKeyring(Keyring):
    """One that `keyring` does not recommend, as those that keep entries in plain text."""

    priority = 0.5


class LockedKeyring(Keyring):
    """One that nobody has unlocked."""

    def get_password(self, *_names: str) -> str | None:
        """Refuse."""
        raise KeyringLocked("Failed to unlock the collection!")

    def set_password(self, *_values: str) -> None:
        """Refuse."""
        raise KeyringLocked("Failed to unlock the collection!")


class SilentKeyring(Keyring):
    """One that asks somebody who is not there."""

    def get_password(self, *_names: str) -> str | None:
        """Wait."""
        time.sleep(600)
        raise AssertionError


def _home() -> Path:
    return Path(os.environ["HOME"])
