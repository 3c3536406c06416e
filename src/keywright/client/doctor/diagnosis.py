"""One thing that is wrong, and the commands that are printed with it: they can be pasted as they are."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

UNSET_KEY: Final = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"


class Gravity(StrEnum):
    """What a finding means for the next call."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that is wrong, why, and what to do."""

    gravity: Gravity
    what: str
    next: str


def command(*words: str) -> str:
    """Write a command for a shell."""
    return shlex.join(words)


def asked_again(words: tuple[str, ...], flags: Mapping[str, Any], *, without: frozenset[str] = frozenset()) -> str:
    """Write a command that asks as the doctor was asked: the profile, region and endpoint that its flags name."""
    named = [
        (flag, flags.get(name))
        for flag, name in (("--profile", "profile"), ("--region", "region"), ("--endpoint-url", "endpoint_url"))
    ]
    return command(*words, *(part for flag, value in named if value and flag not in without for part in (flag, value)))


def edit_file(path: object) -> str:
    """Write the command that opens a file."""
    return f"${{EDITOR:-vi}} {shlex.quote(str(path))}"
