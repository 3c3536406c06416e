"""
Have a profile of the AWS files read from a store, by `credential_process`, or not any more.

AWS: a key in the credentials file comes before the profile's `credential_process` (facts §7): it has to go.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from keywright.client.aws_files import Lines, Written, edit, refuse_bad_name, refuse_bad_values
from keywright.client.errors import AwsFileError
from keywright.client.file_names import Kind, profile_of
from keywright.client.ini import Section, parse
from keywright.client.ini_edits import delete_section, unset_options
from keywright.client.keystore.folder import store_folder
from keywright.client.keystore.stored_key import StoredKey
from keywright.client.known_options import KEY_ID, SECRET, TOKEN
from keywright.client.own_command import NAME, own_command

PROCESS: Final = "credential_process"
DATA_HOME: Final = "--data-home"
_SUBCOMMAND: Final = "credential-process"
_COME_FIRST: Final = ("role_arn", "sso_session", "sso_start_url", "login_session")
_KEY_OPTIONS: Final = (KEY_ID, SECRET, TOKEN, "aws_security_token")


def process_of(profile: str, environment: Mapping[str, str]) -> str:
    """
    Write the line that has tools ask for a profile's key; they split it as a shell does.

    It works in an environment that has nothing but HOME, such as a cron job's. Raises: AwsFileError.
    """
    elsewhere = store_folder(environment) != store_folder({})
    folder = (DATA_HOME, os.path.abspath(environment["XDG_DATA_HOME"])) if elsewhere else ()  # noqa: PTH100
    return shlex.join((*own_command(), _SUBCOMMAND, *folder, profile))


def is_ours(process: str | None, profile: str) -> bool:
    """Tell whether a `credential_process` is what we wrote for the profile, by whatever path."""
    try:
        *words, last = shlex.split(process or "")
    except ValueError:
        return False
    if words[-2:-1] == [DATA_HOME]:
        del words[-2:]
    return last == profile and words[-1:] == [_SUBCOMMAND] and Path(words[-2:][0]).name == NAME


def point_to_store(
    profile: str,
    key: StoredKey,
    environment: Mapping[str, str],
    *,
    options: Mapping[str, str] | None = None,
    replace_key: bool = False,
) -> Written:
    """
    Lead a profile to the store that has its key, set further options (region, endpoint_url), and take the key out of
    the files.

    Raises: AwsFileError; so too, unless `replace_key`, where the files have another key for it.
    """
    wanted = {**(options or {}), PROCESS: process_of(profile, environment)}
    refuse_bad_values(wanted.items())

    def change(lines: Lines) -> None:
        if not any(_sections(lines, profile)):
            refuse_bad_name(profile)
        for kind, section in _sections(lines, profile):
            if not replace_key:
                _refuse_other_credentials(section, profile, key)
            gone = _KEY_OPTIONS if kind is Kind.CONFIG else (*_KEY_OPTIONS, *wanted)
            unset_options(lines.of(kind), section, gone)
            if kind is Kind.CREDENTIALS:
                _delete_if_empty(lines.credentials, section.index)
        lines.set(profile, Kind.CONFIG, wanted)

    return edit(environment, change, about=frozenset({profile}))


def point_to_file(profile: str, key: StoredKey, environment: Mapping[str, str]) -> Written:
    """
    Write a profile's key to the credentials file in plain text, and lead the profile to no store any more.

    Raises: AwsFileError.
    """
    token = {} if key.session_token is None else {TOKEN: key.session_token.reveal()}
    plain = {KEY_ID: key.access_key_id, SECRET: key.secret.reveal()} | token

    def change(lines: Lines) -> None:
        for kind, section in _sections(lines, profile):
            _refuse_other_credentials(section, profile, key)
            unset_options(lines.of(kind), section, (*_KEY_OPTIONS, PROCESS))
        lines.set(profile, Kind.CREDENTIALS, plain)

    # The key goes first, which comes before the process: there is one at every moment.
    return edit(environment, change, about=frozenset({profile}), order=(Kind.CREDENTIALS, Kind.CONFIG))


def point_nowhere(profile: str, environment: Mapping[str, str]) -> Written:
    """
    Lead a profile to no store any more; what else it says stays.

    Raises: AwsFileError.
    """

    def change(lines: Lines) -> None:
        for kind, section in _sections(lines, profile):
            if is_ours(section.value(PROCESS), profile):
                unset_options(lines.of(kind), section, (PROCESS,))

    return edit(environment, change, about=frozenset({profile}))


def refuse_other_key(profile: str, key: StoredKey, environment: Mapping[str, str], *, replace_key: bool) -> None:
    """
    See, before anything is stored, that `point_to_store` will not refuse.

    Raises: AwsFileError.
    """
    process_of(profile, environment)

    def look(lines: Lines) -> None:
        sections = list(_sections(lines, profile))
        if not sections:
            refuse_bad_name(profile)
        for _kind, section in sections if not replace_key else ():
            _refuse_other_credentials(section, profile, key)

    edit(environment, look, about=frozenset())


def _sections(lines: Lines, profile: str) -> Iterator[tuple[Kind, Section]]:
    """Give a profile's sections, the last first, so that those before it keep their lines while it is changed."""
    for kind in Kind:
        for section in reversed(parse(lines.of(kind)).sections):
            if profile_of(section.name, kind) == profile:
                yield kind, section


def _refuse_other_credentials(section: Section, profile: str, key: StoredKey) -> None:
    """Keep a secret that may be nowhere else, and what somebody else's program gives."""
    ours = key.access_key_id, key.secret.reveal()
    there = section.value(KEY_ID), section.value(SECRET)
    if any(have is not None and have != own for have, own in zip(there, ours, strict=True)):
        raise AwsFileError(f"the AWS files have another key for the profile {profile}: `keywright profiles show`")
    first = next((option for option in _COME_FIRST if section.value(option) is not None), None)
    if first is not None:
        raise AwsFileError(
            f"the profile {profile} has {first} too, which comes before a stored key: take it out by "
            f"`keywright profiles set {profile} --unset {first}`, or give the key a profile of its own"
        )
    process = section.value(PROCESS)
    if process is not None and not is_ours(process, profile):
        raise AwsFileError(f"the profile {profile} has a credential_process of its own, which would be lost")


def _delete_if_empty(lines: list[str], index: int) -> None:
    """Take out a section of which nothing is left, not even a comment."""
    section = next(one for one in parse(lines).sections if one.index == index)
    until = next((at for at in range(index + 1, len(lines)) if lines[at].strip()), len(lines))
    if not section.options and (until == len(lines) or lines[until].lstrip().startswith("[")):
        delete_section(lines, section)
