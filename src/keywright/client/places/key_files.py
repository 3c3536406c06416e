"""
Files of any form that hold a key: dotenv, shell exports, JSON, YAML, other tools' own.

The id and the secret are replaced exactly where they stand, as bytes; nothing else is read into the file.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from keywright.aws.secret import Secret
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.place import Place, PlaceError
from keywright.client.replacing import Original, put_file, read_original, remove_left_over

_MAX_BYTES: Final = 16_000_000
_TRIES: Final = 3
_ONE_WRITER: Final = threading.Lock()
"""Several keys may be replaced at once, in the same file."""
_SECRET: Final = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")


def _in_json(secret: str) -> str:
    return secret.replace("/", "\\/")


def _in_url(secret: str) -> str:
    return quote(secret, safe="")


_FORMS: Final[tuple[Callable[[str], str], ...]] = (_in_url, _in_json, str)
"""The ways in which a secret is written; where a secret has nothing to escape, they are the same."""


class _Text(NamedTuple):
    """A file's text, whose encoding gives back the bytes that it was read from."""

    text: str
    encoding: str
    original: Original


class KeyFiles:
    """The files that were named."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def find(self, access_key_id: str) -> list[Place]:
        """
        Give the places that hold a key's id.

        Raises: PlaceError; OSError.
        """
        texts = {path: _read(path).text for path in self._paths}
        return [
            Place(f"{path}:{line}", partial(_secrets, text, line, [one for one in texts.values() if one is not text]))
            for path, text in texts.items()
            for line in _lines_with(text, access_key_id)
        ]

    def refuse_unwritable(self, old: KeyPair) -> None:
        """
        Find what would keep a key from being replaced: so too an id whose secret is in none of the files.

        Raises: PlaceError; OSError.
        """
        texts = {path: _read(path).text for path in self._paths}
        with_id = [path for path, text in texts.items() if old.access_key_id in text]
        with_secret = [path for path, text in texts.items() if _holds(text, old.secret)]
        for path in {*with_id, *with_secret}:
            target = path.resolve()
            if not os.access(target.parent, os.W_OK | os.X_OK) or not os.access(target, os.W_OK):
                raise PlaceError(f"{path} cannot be replaced: it or its folder is not writable")
            if target.stat().st_nlink > 1:
                raise PlaceError(f"{path} has another name (a hard link), which would keep the old key")
        alone = [path for path in with_id if path not in with_secret]
        if alone and not set(with_secret) - set(with_id):
            raise PlaceError(
                f"{alone[0]} holds the id {old.access_key_id} without its secret: name the file that has it by --also"
            )

    def remove_half_written(self) -> None:
        """
        Remove what a process that was killed has left of writing the files.

        Raises: OSError.
        """
        with _ONE_WRITER:
            for path in self._paths:
                remove_left_over(path.resolve())

    def replace(self, old: KeyPair, new: KeyPair) -> None:
        """
        Put a key in another's stead, file by file.

        Raises: PlaceError; OSError.
        """
        for path in self._paths:
            for left in reversed(range(_TRIES)):
                try:
                    with _ONE_WRITER:
                        _replace_in(path, old, new)
                    break
                except OSError:
                    # Another program has just written it: its text is read again.
                    if not left:
                        raise


def _replace_in(path: Path, old: KeyPair, new: KeyPair) -> None:
    read = _read(path)
    text = _replaced(read.text, old, new)
    if text == read.text:
        return
    target = path.resolve()
    status = target.stat()
    # A group that may read the file stays; whoever else could is shut out.
    mode = stat.S_IMODE(status.st_mode) & 0o770
    owner = (status.st_uid, status.st_gid)
    put_file(target, text.encode(read.encoding), owner=owner, mode=mode, unless_changed=read.original)


def _replaced(text: str, old: KeyPair, new: KeyPair) -> str:
    before, after = old.secret.reveal(), new.secret.reveal()
    if _in_url(before) == before:
        # Only its place tells that it stands in a URL, where the new one must be escaped.
        text = text.replace(f"://{old.access_key_id}:{before}@", f"://{new.access_key_id}:{_in_url(after)}@")
    for form in _FORMS:
        if form is str or form(before) != before:
            text = text.replace(form(before), form(after))
    return text.replace(old.access_key_id, new.access_key_id)


def _read(path: Path) -> _Text:
    original = read_original(path)
    content = original.content
    if len(content) > _MAX_BYTES:
        raise PlaceError(f"{path} is too large to be a file of keys")
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            try:
                return _Text(content.decode(encoding), encoding, original)
            except UnicodeDecodeError:
                raise PlaceError(f"{path} is broken UTF-16") from None
    if b"\0" in content:
        raise PlaceError(f"{path} is no text file")
    # Latin-1 gives each byte a character of its own: what is not ours goes back as it came.
    return _Text(content.decode("latin-1"), "latin-1", original)


def _lines_with(text: str, access_key_id: str) -> list[int]:
    """Give the lines, counted from 1, that hold an id."""
    return [number for number, line in enumerate(text.split("\n"), 1) if access_key_id in line]


def _secrets(text: str, line: int, others: Sequence[str]) -> tuple[Secret, ...]:
    """Give what looks like a secret, the nearest to a line first; below it before above, as it mostly stands."""
    lines = text.split("\n")
    nearest = sorted(range(len(lines)), key=lambda at: (abs(at - line + 1), at < line - 1))
    written = (
        form
        for one in (*(lines[at] for at in nearest), *others)
        for form in (one, one.replace("\\/", "/"), unquote(one))
    )
    found = dict.fromkeys(secret for one in written for secret in _SECRET.findall(one))
    return tuple(Secret(secret) for secret in found)


def _holds(text: str, secret: Secret) -> bool:
    return any(form(secret.reveal()) in text for form in _FORMS)
