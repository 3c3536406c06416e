"""Where the AWS files are, which of their sections are profiles, and what a profile may be called."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from keywright.client.ini import DEFAULTS

_NAME: Final = re.compile(r"[\w+,.@-]+")


class Kind(StrEnum):
    """One of the two files."""

    CONFIG = "config"
    CREDENTIALS = "credentials"


class Files(NamedTuple):
    """The two files."""

    config: Path
    credentials: Path

    def of(self, kind: Kind) -> Path:
        """Give one of them."""
        return self.config if kind is Kind.CONFIG else self.credentials


def files(environment: Mapping[str, str]) -> Files:
    """Name the two files, as botocore finds them."""
    folder = Path("~/.aws")
    return Files(
        Path(environment.get("AWS_CONFIG_FILE") or folder / "config").expanduser(),
        Path(environment.get("AWS_SHARED_CREDENTIALS_FILE") or folder / "credentials").expanduser(),
    )


def is_good_name(name: str) -> bool:
    """Tell whether a new profile may be called so in both files."""
    return _NAME.fullmatch(name) is not None and name != DEFAULTS


def header_of(profile: str, kind: Kind) -> str:
    """Write a profile's header, without the brackets."""
    if kind is Kind.CREDENTIALS or profile == "default":
        return profile
    return f"profile {profile}" if _NAME.fullmatch(profile) else f'profile "{profile}"'


def profile_of(header: str, kind: Kind) -> str | None:
    """
    Read the profile that a header names; None where every tool passes the section over.

    In the config file `profile "a b"` is the profile `a b`; in the credentials file every character counts.
    """
    if header == DEFAULTS:
        return None
    if kind is Kind.CREDENTIALS or header == "default":
        return header
    return named_in(header, "profile")


def named_in(header: str, word: str) -> str | None:
    """Read the name in a header like `sso-session NAME`."""
    if not header.startswith(word):
        return None
    try:
        parts = shlex.split(header)
    except ValueError:
        return None
    return parts[1] if len(parts) == 2 else None
