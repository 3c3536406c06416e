"""
The form of a journal's file, the same for each command that takes steps: `issue`, `rotate` and `audit --fix`.

    {"version": 1, "kind", "id", "started_at", "account_id", "step",
     "connection": {"profile", "region", "endpoint_url"}, "data": {the command's own}}

Files of before had the command's members alone, and no version: they are version 0, read as they are and written anew
with the next step. A file of a newer version is left untouched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from keywright.client.errors import LocalFileError
from keywright.client.replacing import put_file

VERSION: Final = 1
_COMMON: Final = ("started_at", "account_id", "step")
_CONNECTION: Final = ("profile", "region", "endpoint_url")


class JournalError(LocalFileError):
    """A journal's file cannot be read; the message says why and what to do, and holds no secret."""


class Form(NamedTuple):
    """A kind of journal."""

    kind: str
    members: Mapping[str, str]
    """Which members of the envelope it has, by what the command calls them."""


def write_journal(path: Path, form: Form, values: Mapping[str, Any]) -> None:
    """
    Write a command's members into their file, durably.

    Raises: OSError.
    """
    common = {place: values[name] for name, place in form.members.items()}
    document = {
        "version": VERSION,
        "kind": form.kind,
        "id": path.stem,
        **{place: common.get(place) for place in _COMMON},
        "connection": {place: common.get(place) for place in _CONNECTION},
        "data": {name: value for name, value in values.items() if name not in form.members},
    }
    put_file(path, json.dumps(document, indent=1).encode())


def read_journal(path: Path, form: Form) -> dict[str, Any]:
    """
    Read a command's members from their file, whatever its version.

    Raises: JournalError; OSError.
    """
    try:
        document = json.loads(path.read_bytes())
        version = document.get("version", 0)
        if version == 0:
            return dict(document)
        if version == VERSION and document["kind"] == form.kind:
            places = {**document, **document["connection"]}
            return {**document["data"], **{name: places[place] for name, place in form.members.items()}}
    except (ValueError, KeyError, AttributeError, TypeError):
        raise damaged(path) from None
    if version == VERSION:
        raise damaged(path)
    raise JournalError(
        f"{path} was written by a newer Keywright (format {version}), and is left as it is: finish it with that one"
    )


def refuse(error: JournalError) -> None:
    """
    Stop at a file that cannot be read.

    Raises: JournalError.
    """
    raise error


def damaged(path: Path) -> JournalError:
    """Say that a file is not what a command wrote."""
    return JournalError(f"{path} is damaged, and is left as it is: look at the user's keys, then remove it")
