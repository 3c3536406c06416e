"""
The system's keyring (Keychain, Secret Service, KWallet, …) through `keyring`: one entry of the service `keywright` for
each profile.

A keyring cannot list its entries, so the profiles' names stand in a file beside, each with the backend that has it:
another session, with another backend, still finds it, and need not look for backends first, which takes a while.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from keywright.client.errors import KeystoreError, LocalFileError
from keywright.client.keystore.folder import store_folder, writing
from keywright.client.keystore.runtime_folders import session_folders
from keywright.client.keystore.stored_key import StoredKey
from keywright.client.replacing import read_original, replace_file
from keywright.client.writable import prove_writable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "keywright"
_BUS: Final = "DBUS_SESSION_BUS_ADDRESS"
_NO_BACKENDS: Final = frozenset({"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"})


class KeyringStore:
    """Keys in the system's keyring."""

    name = "keyring"

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._index: Final = store_folder(environment) / "keyring.json"
        self._backends: Final[dict[str, KeyringBackend]] = {}

    @property
    def place(self) -> str:
        """Say which keyring."""
        backend = usable_keyring(recommended_only=False)
        return "no keyring" if backend is None else backend.name

    def profiles(self) -> tuple[str, ...]:
        """Name the profiles, as far as the file beside knows."""
        return tuple(self._read())

    def key_id(self, profile: str) -> str | None:
        """Ask the keyring for the id of a profile's key."""
        key = self.get(profile)
        return None if key is None else key.access_key_id

    def get(self, profile: str) -> StoredKey | None:
        """Ask the keyring for a profile's key."""
        with _said():
            text = self._backend_of(profile).get_password(SERVICE, profile)
            if text is None:
                return None
            try:
                return StoredKey.from_text(text)
            except ValueError:
                raise KeystoreError(
                    f"the keyring's entry {SERVICE}/{profile} is no key that Keywright wrote: remove it there"
                ) from None

    def prove_writable(self, profile: str) -> None:
        """Have the keyring keep an entry without a secret, and remove it: a locked one is asked for here."""
        try:
            prove_writable(self._index)
        except LocalFileError as error:
            raise KeystoreError(str(error)) from error
        with _said():
            backend, name = self._backend_of(profile), f"{profile} (write test)"
            backend.set_password(SERVICE, name, "no secret")
            backend.delete_password(SERVICE, name)

    def put(self, profile: str, key: StoredKey) -> None:
        """Hand a key to the keyring."""
        with writing(self._index.parent), _said():
            backend = self._backend_of(profile)
            # The name goes first: a key that nothing names would be forgotten.
            self._write(self._read() | {profile: _name_of(backend)})
            backend.set_password(SERVICE, profile, key.as_text())

    def delete(self, profile: str) -> bool:
        """Have the keyring forget a profile's key."""
        from keyring.errors import PasswordDeleteError

        with writing(self._index.parent), _said():
            backend = self._backend_of(profile)
            there = backend.get_password(SERVICE, profile) is not None
            if there:
                try:
                    backend.delete_password(SERVICE, profile)
                except PasswordDeleteError as error:
                    raise KeystoreError(f"the keyring keeps the key of the profile {profile}: {error}") from error
            self._write({name: backend for name, backend in self._read().items() if name != profile})
        return there

    def _backend_of(self, profile: str) -> KeyringBackend:
        """Give the backend that has a profile's key, or is to have it."""
        name = self._read().get(profile)
        if name is None:
            backend = usable_keyring(recommended_only=False)
            if backend is None:
                raise KeystoreError(
                    "this session has no keyring (no Secret Service, KWallet or Keychain answers): "
                    "set KEYWRIGHT_STORE=file to keep keys in a file that a passphrase seals"
                )
            return backend
        if name not in self._backends:
            self._backends[name] = _load(name, profile)
        return self._backends[name]

    def _read(self) -> dict[str, str]:
        try:
            content = read_original(self._index).content
            return {str(name): str(one) for name, one in json.loads(content or b"{}").items()}
        except OSError as error:
            raise KeystoreError(f"the list of the keyring's profiles cannot be read: {error}") from error
        except (ValueError, AttributeError):
            raise KeystoreError(
                f"{self._index} is damaged: remove it. The keys stay in the keyring, and are found by their names"
            ) from None

    def _write(self, index: Mapping[str, str]) -> None:
        content = json.dumps(dict(sorted(index.items())), indent=1).encode() + b"\n"
        original = read_original(self._index)
        if original.content != content:
            replace_file(self._index, original, content)


def usable_keyring(*, recommended_only: bool) -> KeyringBackend | None:
    """
    Give this session's keyring; None where there is none.

    `recommended_only` passes over those that `keyring` itself does not recommend, such as files in plain text.
    """
    import keyring

    _find_bus()
    with _said():
        backend = keyring.get_keyring()
    if _name_of(backend) in _NO_BACKENDS or (recommended_only and backend.priority < 1):
        return None
    return backend


def _find_bus() -> None:
    """Name the session's message bus to who was started outside of the session: cron has no variable for it."""
    if sys.platform != "linux" or os.environ.get(_BUS):
        return
    from urllib.parse import quote

    for folder in session_folders(os.environ):
        if (folder / "bus").is_socket():
            # D-Bus wants all but these escaped in an address, byte by byte.
            os.environ[_BUS] = f"unix:path={quote(str(folder / 'bus'), safe='-_/.*')}"
            return


def _name_of(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _load(name: str, profile: str) -> KeyringBackend:
    import keyring.core

    _find_bus()
    try:
        return keyring.core.load_keyring(name)
    except (ImportError, AttributeError, RuntimeError) as error:
        raise KeystoreError(
            f"the key of the profile {profile} is in a keyring that this session has not ({name}): {error}. "
            "Use it where that keyring is, and `keywright migrate --to file` there for use elsewhere"
        ) from error


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """Say in our words what a keyring refuses; its own words may come from anywhere, and none holds a secret."""
    from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

    try:
        yield
    except KeyringLocked as error:
        raise KeystoreError(
            f"the keyring is locked, and was not unlocked ({error}): unlock it at the desktop; "
            "for sessions without one, move its keys by `keywright migrate --all --to file`"
        ) from error
    except NoKeyringError as error:
        raise KeystoreError("this session has no keyring: set KEYWRIGHT_STORE=file") from error
    except (KeyringError, InitError, RuntimeError) as error:
        raise KeystoreError(f"the keyring does not answer: {error}") from error
