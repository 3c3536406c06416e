"""The profiles of both AWS files, put together as botocore does: what the credentials file says wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keywright.aws.identifiers import account_of
from keywright.client.file_names import Kind, files, profile_of
from keywright.client.ini import parse
from keywright.client.known_options import KEY_ID
from keywright.client.lint import decode
from keywright.client.replacing import read_original

_PROVIDERS: Final = (
    ("role_arn", "role"),
    ("sso_session", "sso"),
    ("sso_start_url", "sso"),
    (KEY_ID, "access key"),
    ("login_session", "login"),
    ("credential_process", "process"),
)
"""What a profile's options lead to, the first that is there (facts §7, but for keys in the config file)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """An option where it stands."""

    name: str
    value: str
    kind: Kind
    path: Path
    line: int
    """Counted from 1."""
    hidden: bool
    """The credentials file has it too, and wins."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of both files."""

    name: str
    settings: tuple[Setting, ...]

    def value(self, option: str) -> str | None:
        """Give an option's value; None where it is missing."""
        return next((one.value for one in self.settings if one.name == option and not one.hidden), None)

    @property
    def provider(self) -> str:
        """Say where its credentials come from: `access key`, `role`, `sso`, `login`, `process`, `none`."""
        for option, name in _PROVIDERS:
            if self.value(option) is not None:
                process = name == "access key" and self.value("credential_process") is not None
                in_config = all(one.kind is Kind.CONFIG for one in self.settings if one.name == option)
                # AWS: `credential_process` beats a key of the config file, and loses to one of the credentials file.
                return "process" if process and in_config else name
        return "none"

    @property
    def account_id(self) -> str | None:
        """Read the account off the access key id, without a call."""
        return account_of(self.value(KEY_ID) or "")


def read_profiles(environment: Mapping[str, str]) -> tuple[list[Profile], list[str]]:
    """
    Give the profiles, by name, and the lines (`path:line`) at which tools give up.

    Raises: OSError.
    """
    named = files(environment)
    found: dict[str, dict[Kind, list[Setting]]] = {}
    faults: list[str] = []
    for kind in (Kind.CREDENTIALS, Kind.CONFIG):
        decoded = decode(read_original(named.of(kind)).content)
        parsed = parse(decoded.lines)
        if decoded.rule is not None:
            faults.append(f"{named.of(kind)}:1")
        faults += [f"{named.of(kind)}:{spoilt.index + 1}" for spoilt in parsed.faults]
        for section in parsed.sections:
            profile = profile_of(section.name, kind)
            if profile is None:
                continue
            winning = {one.name for one in found.get(profile, {}).get(Kind.CREDENTIALS, [])}
            hides = winning if kind is Kind.CONFIG else set()
            found.setdefault(profile, {})[kind] = [
                Setting(option.name, option.value, kind, named.of(kind), option.index + 1, option.name in hides)
                for option in section.options.values()
            ]
    return [
        Profile(name, tuple(one for settings in by_kind.values() for one in settings))
        for name, by_kind in sorted(found.items())
    ], faults
