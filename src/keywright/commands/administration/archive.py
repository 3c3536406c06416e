"""
The form of a backup: a tar archive whose first member is its manifest, in an age file where there are recipients.

Everything goes through pipes: a backup is never in memory as a whole, nor on the disk unencrypted if it is encrypted.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Self

import orjson

from keywright.store.existing import AdministrationError

FORMAT: Final = "keywright-backup-1"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "keywright.db"
MASTER_KEY: Final = "master.key"
MEMBER_NAMES: Final = re.compile(r"keywright\.db|master\.key|jwks/[\w.=%+-]+", re.ASCII)
_MAX_MANIFEST_BYTES: Final = 1_000_000
_CHUNK: Final = 1 << 20


class Member(NamedTuple):
    """A file of a backup, as the manifest names it."""

    name: str
    size: int
    sha256: str


class Manifest(NamedTuple):
    """What a backup says of itself."""

    made_at: str
    keywright: str
    schema: str
    master_keys: tuple[str, ...]
    """The ids of the master keys that its secrets are sealed with."""
    files: tuple[Member, ...]

    @property
    def has_master_key(self) -> bool:
        """Whether a master key is in it."""
        return any(one.name == MASTER_KEY for one in self.files)

    def as_json(self) -> bytes:
        """Write it."""
        document = {
            "format": FORMAT,
            "made_at": self.made_at,
            "keywright": self.keywright,
            "schema": self.schema,
            "master_keys": list(self.master_keys),
            "files": [one._asdict() for one in self.files],
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """
        Read it.

        Raises: AdministrationError.
        """
        try:
            found: dict[str, Any] = orjson.loads(content)
            if found["format"] != FORMAT:
                raise AdministrationError(
                    f"the backup's form is {found['format']!r}, and this release reads {FORMAT}: restore it with the "
                    "Keywright that made it, or a newer one"
                )
            files = tuple(Member(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in found["files"])
            manifest = cls(
                str(found["made_at"]),
                str(found["keywright"]),
                str(found["schema"]),
                tuple(str(one) for one in found["master_keys"]),
                files,
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise AdministrationError("the backup's manifest cannot be read: take another backup") from error
        names = [one.name for one in files]
        wrong = [name for name in names if not MEMBER_NAMES.fullmatch(name)]
        if wrong or DATABASE not in names or len(set(names)) < len(names):
            raise AdministrationError("the backup's manifest names files that no backup has: take another backup")
        return manifest


def describe_file(path: Path, name: str) -> Member:
    """Measure a file for the manifest."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Member(name, file.tell(), digest.hexdigest())


def write_archive(output: IO[bytes], manifest: Manifest, contents: Sequence[IO[bytes]]) -> None:
    """Write the manifest and the files, in the manifest's order."""
    with tarfile.open(fileobj=output, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        text = manifest.as_json()
        archive.addfile(_header(MANIFEST, len(text)), io.BytesIO(text))
        for member, content in zip(manifest.files, contents, strict=True):
            archive.addfile(_header(member.name, member.size), content)


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


def read_archive(source: IO[bytes], accept: Callable[[Manifest], None], place: Callable[[str], Path]) -> Manifest:
    """
    Read a backup's files to their places, once its manifest is accepted; each is what the manifest says, or refused.

    Raises: AdministrationError; OSError.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST or first.size > _MAX_MANIFEST_BYTES:
                raise AdministrationError("it is no backup of Keywright's: its manifest is missing")
            manifest = Manifest.from_json(_content(archive, first).read())
            accept(manifest)
            for expected in manifest.files:
                member = archive.next()
                if member is None or not member.isfile() or (member.name, member.size) != expected[:2]:
                    raise AdministrationError(f"the backup is cut off or was changed at {expected.name}: take another")
                _copy(_content(archive, member), place(expected.name), expected)
            if archive.next() is not None:
                raise AdministrationError("the backup holds more than its manifest names: take another")
    except (tarfile.TarError, EOFError) as error:
        raise AdministrationError("it is no backup of Keywright's, or is cut off: take another") from error
    return manifest


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:
        raise AdministrationError("the backup was changed: take another")
    return content


def _copy(content: IO[bytes], target: Path, expected: Member) -> None:
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != expected.sha256:
        raise AdministrationError(f"{expected.name} in the backup is not what its manifest says: take another backup")


@contextmanager
def piped(produce: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """
    Give what to read of what a function writes on a thread of its own; its error is raised in place of the reader's.

    Raises: whatever `produce` raises.
    """
    read_end, write_end = os.pipe()
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(write_end, "wb") as output:
                produce(output)
        except BaseException as error:  # noqa: BLE001 - raised again where it can be handled
            errors.append(error)

    thread = threading.Thread(target=run, name="pipe")
    thread.start()
    try:
        with os.fdopen(read_end, "rb") as source:
            yield source
    except BaseException as error:
        thread.join()
        # A reader that stops breaks the writer's pipe: that is no reason of its own.
        own = [one for one in errors if not isinstance(one, BrokenPipeError) and "Broken pipe" not in str(one)]
        if own and not isinstance(error, KeyboardInterrupt):
            raise own[0] from error
        raise
    thread.join()
    if errors:
        raise errors[0]
