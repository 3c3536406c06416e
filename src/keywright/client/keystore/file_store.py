"""The sealed file, for machines without a keyring: headless ones, WSL, SSH, containers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple, NoReturn

from keywright.aws.secret import Secret
from keywright.client.errors import KeystoreError, LocalFileError
from keywright.client.keystore import unlocked
from keywright.client.keystore.errors import Locked
from keywright.client.keystore.folder import store_folder, writing
from keywright.client.keystore.passphrase import (
    PASSPHRASE_FILE,
    Ask,
    mark_of_file,
    passphrase_from_file,
    refuse_weak,
)
from keywright.client.keystore.sealed_file import SealedFile
from keywright.client.keystore.sealing import Derivation
from keywright.client.keystore.stored_key import StoredKey
from keywright.client.own_command import command_line
from keywright.client.replacing import Original, read_original, replace_file
from keywright.client.writable import prove_writable

_TRIES: Final = 3
_TOOLS_SECONDS: Final = 15 * 60


class Unlocked(NamedTuple):
    """How processes that cannot ask for the passphrase read the file."""

    key: bytes
    until: datetime
    keeper: str
    process: int | None
    """The agent's, where an agent is the keeper."""
    for_file: bool
    """It is kept for those only who name the passphrase file."""


class FileStore:
    """Keys in a file that a passphrase seals."""

    name = "file"

    def __init__(self, environment: Mapping[str, str], ask: Ask, *, for_tools: bool = False) -> None:
        """Take the user's store; `for_tools`: what a passphrase file opens stays open for the tool's next call."""
        self.path: Final = store_folder(environment) / "keys"
        self._environment: Final = environment
        self._ask: Final = ask
        self._for_tools: Final = for_tools
        self._key: bytes | None = None
        self._passphrase: Secret | None = None

    @property
    def place(self) -> str:
        """Say which file."""
        return str(self.path)

    def profiles(self) -> tuple[str, ...]:
        """Name the profiles; nothing is unlocked."""
        content = self._read()[1]
        return () if content is None else tuple(content.keys)

    def key_id(self, profile: str) -> str | None:
        """Give the id of a profile's key; nothing is unlocked."""
        content = self._read()[1]
        one = None if content is None else content.keys.get(profile)
        return None if one is None else one.access_key_id

    def get(self, profile: str) -> StoredKey | None:
        """Open a profile's key; the passphrase is asked for only where there is one."""
        content = self._read()[1]
        if content is None or profile not in content.keys:
            return None
        return content.get(profile, self._open(content))

    def prove_writable(self, _profile: str) -> None:
        """See that the file can be replaced."""
        try:
            prove_writable(self.path)
        except LocalFileError as error:
            raise KeystoreError(str(error)) from error

    def put(self, profile: str, key: StoredKey) -> None:
        """Seal a key."""
        # Asked before the lock is taken: others need not wait for somebody to type.
        self.unlock()
        with writing(self.path.parent):
            original, content = self._read()
            if content is None:
                content = self._begin()
            content.put(profile, key, self._open(content))
            replace_file(self.path, original, content.as_bytes())

    def delete(self, profile: str) -> bool:
        """Forget a profile's key; that takes no passphrase."""
        with writing(self.path.parent):
            original, content = self._read()
            if content is None or profile not in content.keys:
                return False
            del content.keys[profile]
            replace_file(self.path, original, content.as_bytes())
        return True

    def unlock(self) -> None:
        """
        Have the passphrase, which is chosen now where there is no file yet.

        Raises: KeystoreError; Locked.
        """
        content = self._read()[1]
        if content is not None:
            self._open(content)
        elif self._passphrase is None:
            self._passphrase = passphrase_from_file(self._environment) or self._choose(f"{self.path} is new. ")
            refuse_weak(self._passphrase)

    def change_passphrase(self) -> int:
        """
        Seal every key anew, with another passphrase, which is asked for; gives how many.

        Raises: KeystoreError; Locked.
        """
        self._open(self._there())
        passphrase = self._choose("")
        refuse_weak(passphrase)
        with writing(self.path.parent):
            original, content = self._read()
            if content is None:
                raise KeystoreError(f"{self.path} has just been removed")
            old = self._open(content)
            derivation = Derivation.new()
            new_key = derivation.key(passphrase)
            new = SealedFile.new(derivation, new_key)
            for profile in content.keys:
                stored = content.get(profile, old)
                assert stored is not None  # INVARIANT: it is one of the file's
                new.put(profile, stored, new_key)
            replace_file(self.path, original, new.as_bytes())
        self._key, self._passphrase = new_key, passphrase
        self._forget(content)
        return len(new.keys)

    def keep_unlocked(self, seconds: int) -> datetime:
        """
        Let every process of this user read, for a while; return until when.

        Raises: KeystoreError; Locked.
        """
        content = self._there()
        until = int(time.time()) + seconds
        unlocked.keep(unlocked.slot(content.derivation.salt), self._open(content), until, self._environment)
        return datetime.fromtimestamp(until, UTC)

    def unlocked(self) -> Unlocked | None:
        """Return how tools can read; None while it is locked."""
        content = self._read()[1]
        return None if content is None else self._unlocked(content)

    def is_open_to_tools(self) -> bool:
        """Tell whether a process that cannot ask may read."""
        return self.unlocked() is not None or passphrase_from_file(self._environment) is not None

    def lock(self) -> bool:
        """Let nobody read any more without the passphrase; tell whether it was unlocked."""
        content = self._read()[1]
        return content is not None and self._forget(content)

    def _there(self) -> SealedFile:
        content = self._read()[1]
        if content is None:
            raise KeystoreError(f"there is no {self.path} yet: `keywright store put PROFILE --to file` makes it")
        return content

    def _read(self) -> tuple[Original, SealedFile | None]:
        try:
            original = read_original(self.path)
        except OSError as error:
            raise KeystoreError(f"the store cannot be read: {error}") from error
        return original, SealedFile.read(original.content, self.path) if original.exists else None

    def _begin(self) -> SealedFile:
        assert self._passphrase is not None  # INVARIANT: `unlock` has chosen it
        derivation = Derivation.new()
        self._key = derivation.key(self._passphrase)
        return SealedFile.new(derivation, self._key)

    def _unlocked(self, content: SealedFile) -> Unlocked | None:
        for for_file in (False, True):
            kept = unlocked.kept_key(unlocked.slot(content.derivation.salt, for_file=for_file), self._environment)
            # What was kept for a passphrase file is for those only who name the same, unchanged.
            if kept is None or (for_file and kept.mark != mark_of_file(self._environment)):
                continue
            if content.is_opened_by(kept.key):
                until = datetime.fromtimestamp(kept.until, UTC)
                return Unlocked(kept.key, until, str(kept.keeper), kept.process, for_file=for_file)
        return None

    def _forget(self, content: SealedFile) -> bool:
        slots = [unlocked.slot(content.derivation.salt, for_file=for_file) for for_file in (False, True)]
        return sum(unlocked.forget(name, self._environment) for name in slots) > 0

    def _open(self, content: SealedFile) -> bytes:
        """Return the file's key: as it is at hand, as it is kept, or from the passphrase."""
        if self._key is not None and content.is_opened_by(self._key):
            return self._key
        kept = self._unlocked(content)
        if kept is not None:
            self._key = kept.key
            return kept.key
        passphrase = self._passphrase or passphrase_from_file(self._environment)
        if passphrase is not None:
            key = self._try(content, passphrase) or self._wrong()
            self._keep_for_tools(content, key)
            return key
        for left in reversed(range(_TRIES)):
            passphrase = self._ask(f"Passphrase of {self.path}: ")
            if passphrase is None:
                break
            opened = self._try(content, passphrase)
            if opened is not None:
                return opened
            if not left:
                self._wrong()
        raise Locked(
            f"the key store {self.path} is locked: unlock it with `{command_line('store', 'unlock')}`, "
            f"or name a file with its passphrase in {PASSPHRASE_FILE}"
        )

    def _keep_for_tools(self, content: SealedFile, key: bytes) -> None:
        """Spare the tool's next calls the hashing; whoever can read the passphrase file gains nothing by it."""
        mark = mark_of_file(self._environment)
        if self._for_tools and mark is not None:
            name = unlocked.slot(content.derivation.salt, for_file=True)
            # Where it cannot be kept, each call hashes, as the first did.
            with contextlib.suppress(KeystoreError):
                unlocked.keep(name, key, int(time.time()) + _TOOLS_SECONDS, self._environment, mark)

    def _try(self, content: SealedFile, passphrase: Secret) -> bytes | None:
        key = content.derivation.key(passphrase)
        if not content.is_opened_by(key):
            return None
        self._key, self._passphrase = key, passphrase
        return key

    def _wrong(self) -> NoReturn:
        raise KeystoreError(f"the passphrase is not that of {self.path}; nothing was changed")

    def _choose(self, why: str) -> Secret:
        first = self._ask(f"{why}New passphrase: ")
        second = None if first is None else self._ask("The same again: ")
        if first is None or second is None:
            raise Locked(
                f"a passphrase must be chosen for {self.path}, and there is no terminal to ask at: "
                f"name a file with it in {PASSPHRASE_FILE}"
            )
        if first.reveal() != second.reveal():
            raise KeystoreError("the two are not the same; nothing was changed")
        return first
