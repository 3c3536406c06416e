"""What `keywright profiles … --json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated


@dataclass(frozen=True, slots=True)
class ListedProfile:
    """One profile of `list`."""

    name: Annotated[str, "the profile"]
    provider: Annotated[str, "where its credentials come from: access key, role, sso, login, process or none"]
    access_key_id: Annotated[str | None, "its access key"]
    account_id: Annotated[
        str | None, "the key's account, read off its id without a call; null for old ids, which do not"
    ]
    region: Annotated[str | None, "its region"]
    endpoint_url: Annotated[str | None, "its endpoint"]


@dataclass(frozen=True, slots=True)
class ProfileList:
    """`profiles list`."""

    profiles: Annotated[tuple[ListedProfile, ...], "the profiles, by name"]
    unreadable: Annotated[tuple[str, ...], "the lines (path:line) at which every AWS tool gives up"]


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One option of `show`."""

    name: Annotated[str, "the option, in small letters"]
    value: Annotated[str, "its value; a secret is masked without --show-secret"]
    path: Annotated[Path, "the file"]
    line: Annotated[int, "the line, counted from 1"]
    hidden: Annotated[bool, "the credentials file has the option too, and wins"]


@dataclass(frozen=True, slots=True)
class ShownProfile:
    """`profiles show`."""

    name: Annotated[str, "the profile"]
    provider: Annotated[str, "where its credentials come from"]
    account_id: Annotated[str | None, "its key's account, read off the id"]
    options: Annotated[tuple[ShownOption, ...], "its options"]


@dataclass(frozen=True, slots=True)
class Changed:
    """`profiles set`, `rename`, `delete`."""

    profile: Annotated[str, "the profile"]
    changed: Annotated[tuple[Path, ...], "the files that were written"]
    backups: Annotated[tuple[Path, ...], "the files as they were before"]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding of `lint` and `fix`."""

    rule: Annotated[str, "the rule's name"]
    weight: Annotated[str, "error or warning"]
    path: Annotated[Path, "the file or folder"]
    line: Annotated[int | None, "the line, counted from 1; null for the file as a whole"]
    meaning: Annotated[str, "what the rule says"]
    detail: Annotated[str, "what stands there, without secrets"]
    fixable: Annotated[bool, "`profiles fix` mends it"]


@dataclass(frozen=True, slots=True)
class Linted:
    """`profiles lint`."""

    findings: Annotated[tuple[ShownFinding, ...], "what was found, by file and line"]


@dataclass(frozen=True, slots=True)
class Fixed:
    """`profiles fix`; the lines of what was mended are those at the moment it was."""

    dry_run: Annotated[bool, "nothing was written"]
    mended: Annotated[tuple[ShownFinding, ...], "what was mended, or would be"]
    left: Annotated[tuple[ShownFinding, ...], "what needs a person"]
    backups: Annotated[tuple[Path, ...], "the files as they were before"]
