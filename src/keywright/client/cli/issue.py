"""`keywright issue` and `keywright resume`: a key for a user, from the question whether it is needed to a profile."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.aws_files import edit, refuse_bad_name
from keywright.client.cli.documents import as_json
from keywright.client.cli.terminal import Exit, columns, confirm, is_interactive, note, paint, stop
from keywright.client.description import DescriptionError, describe, expiry
from keywright.client.errors import AwsFileError
from keywright.client.identity import LastUse, who_am_i
from keywright.client.issuing import MOST_KEYS, ExistingKey, create, existing_keys, finish, is_lost, new_keys, now, undo
from keywright.client.journal import Entry, journal_folder, only_one, read_entries
from keywright.client.known_options import KEY_ID
from keywright.client.profiles import read_profiles
from keywright.client.session import SignedIn, SignInError, is_refusal, reason, sign_in

_BETTER: Final = """\
A key is a password that does not end. What may serve better:
  at a person's own machine   aws login (AWS CLI 2.32 and later): no key at all
  on EC2, ECS, Lambda, EKS    a role: its credentials come and go by themselves
  outside AWS, with an IdP    a role by a web identity or SAML; IAM Roles Anywhere"""


@dataclass(frozen=True, slots=True)
class Issued:
    """`issue`."""

    user_name: Annotated[str, "the user"]
    access_key_id: Annotated[str, "the new key; its secret is in the profile"]
    profile: Annotated[str, "the profile that has it"]
    description: Annotated[str, "what its tag says"]
    csv_file: Annotated[str | None, "the file of --csv"]
    notes: Annotated[tuple[str, ...], "what could not be done besides"]


@dataclass(frozen=True, slots=True)
class ResumedKey:
    """One unfinished key."""

    user_name: Annotated[str, "the user"]
    access_key_id: Annotated[str | None, "the key; null where none had been made"]
    outcome: Annotated[str, "finished, undone, or nothing (no key had been made)"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """`resume`."""

    keys: Annotated[tuple[ResumedKey, ...], "what was unfinished, the oldest first"]


def run_issue(flags: Mapping[str, Any]) -> Exit:
    """Make a key, if a key it must be."""
    description = _description(flags)
    if flags["csv"] is not None and Path(flags["csv"]).exists():
        stop(f"{flags['csv']} is there already")
    signed_in, user_name = _caller(flags)
    profile = flags["as"] or user_name
    _refuse_before(profile, user_name, signed_in, replace_key=flags["replace_key"])
    if not flags["yes"]:
        note_lines(_BETTER)
        if not is_interactive():
            stop("to make a key all the same takes --yes", Exit.USAGE)
        if not confirm(f"Make a key for {user_name} all the same?"):
            stop("no key was made")
    with only_one(journal_folder(os.environ)):
        return _make(flags, signed_in, user_name, profile, description)


def _make(flags: Mapping[str, Any], signed_in: SignedIn, user_name: str, profile: str, description: str) -> Exit:
    entry = Entry(
        started_at=now(),
        user_name=user_name,
        profile=profile,
        replace_key=flags["replace_key"],
        description=description,
        csv_file=flags["csv"] and str(Path(flags["csv"]).absolute()),
        caller_profile=flags["profile"],
        region=flags["region"] or signed_in.region,
        endpoint_url=flags["endpoint_url"] or _endpoint_of(signed_in),
        keys_before=tuple(key.access_key_id for key in _keys(signed_in, user_name)),
    )
    path = journal_folder(os.environ) / f"{entry.started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.json"
    try:
        entry = create(signed_in, path, entry)
        notes = tuple(finish(signed_in, path, entry, os.environ))
    except (ClientError, BotoCoreError, SignInError, AwsFileError, OSError) as error:
        left = "; `keywright resume` finishes it, `keywright resume --undo` takes it back" if path.exists() else ""
        stop(f"{_said(error)}{left}", _code(error))
    _tell_issued(entry, notes, as_one_object=flags["json"])
    return Exit.FINE


def run_resume(flags: Mapping[str, Any]) -> Exit:
    """Finish what was interrupted, or undo it."""
    with only_one(journal_folder(os.environ)):
        return _resume_all(flags)


def _resume_all(flags: Mapping[str, Any]) -> Exit:
    done: list[ResumedKey] = []
    for path, entry in read_entries(journal_folder(os.environ)):
        try:
            outcome, key = _resume(path, entry, take_back=flags["undo"])
        except (ClientError, BotoCoreError, SignInError, AwsFileError) as error:
            stop(f"the key of {entry.user_name} is still unfinished: {_said(error)}", _code(error))
        done.append(ResumedKey(entry.user_name, key, outcome))
        if not flags["json"]:
            print(f"{outcome}: {key or 'no key had been made'}, user {entry.user_name}, profile {entry.profile}")
    if flags["json"]:
        print(as_json(Resumed(tuple(done))))
    elif not done:
        print("There is nothing unfinished")
    return Exit.FINE


def _resume(path: Path, entry: Entry, *, take_back: bool) -> tuple[str, str | None]:
    signed_in = sign_in(entry.flags)
    if entry.access_key_id is None:
        # The answer was lost, and with it the secret: the key can only go.
        found = new_keys(signed_in.client("iam"), entry)
        lost = next((key for key in found if is_lost(key, entry)), None)
        if lost is not None:
            undo(signed_in, path, entry, lost.access_key_id, os.environ)
            return "undone", lost.access_key_id
        for key in found:
            note(f"{entry.user_name} has a new key, {key.access_key_id}, perhaps this one: delete it if nobody uses it")
        path.unlink()
        return "nothing", None
    if take_back:
        undo(signed_in, path, entry, entry.access_key_id, os.environ)
        return "undone", entry.access_key_id
    for text in finish(signed_in, path, entry, os.environ):
        note(text)
    return "finished", entry.access_key_id


def _description(flags: Mapping[str, Any]) -> str:
    today = now().date()
    values = {name: flags[name] for name in ("purpose", "owner", "environment", "project") if flags[name] is not None}
    for tag in flags["tag"]:
        name, equals, value = tag.partition("=")
        if not equals or not name:
            stop(f"--tag takes NAME=VALUE, not {tag!r}", Exit.USAGE)
        values[name] = value
    try:
        values["created"] = today.isoformat()
        if flags["expires"] is not None:
            values["expires"] = expiry(flags["expires"], today).isoformat()
        return describe(values)
    except DescriptionError as error:
        stop(str(error), Exit.USAGE)


def _caller(flags: Mapping[str, Any]) -> tuple[SignedIn, str]:
    """Sign in, and say for which user: as asked, else for oneself."""
    try:
        signed_in = sign_in(flags)
        caller = who_am_i(signed_in)
    except (SignInError, ClientError, BotoCoreError) as error:
        stop(_said(error), Exit.UNREACHABLE)
    user_name = flags["user"] or caller.user_name
    if user_name is None:
        stop(f"{caller.arn} is no user: name one. A root key, which nothing can limit, is never made")
    return signed_in, user_name


def _keys(signed_in: SignedIn, user_name: str) -> list[ExistingKey]:
    try:
        return existing_keys(signed_in.client("iam"), user_name)
    except (ClientError, BotoCoreError, SignInError) as error:
        stop(_said(error), _code(error))


def _refuse_before(profile: str, user_name: str, signed_in: SignedIn, *, replace_key: bool) -> None:
    """Find what would stand in the way of storing a key before one is made."""
    refuse_bad_name(profile)
    edit(os.environ, lambda _lines: None, about=frozenset())
    there = next((one.value(KEY_ID) for one in read_profiles(os.environ)[0] if one.name == profile), None)
    if there is not None and not replace_key:
        stop(f"the profile {profile} has the key {there}: name another by --as, or overwrite it by --replace-key")
    keys = _keys(signed_in, user_name)
    if len(keys) >= MOST_KEYS:
        note_lines(columns([("  KEY", "STATUS", "CREATED", "LAST USED"), *(_row(key) for key in keys)]))
        stop(f"{user_name} has two keys already, which is the most: delete the one that nobody needs")


def _row(key: ExistingKey) -> tuple[str, ...]:
    last = "unknown"
    if isinstance(key.used, LastUse):
        last = "never" if key.used.at is None else f"{key.used.at:%Y-%m-%d}, {key.used.service}"
    return f"  {key.access_key_id}", key.status, f"{key.created_at:%Y-%m-%d}", last


def _endpoint_of(signed_in: SignedIn) -> str | None:
    """Give the endpoint that is not AWS's, so that the new profile leads where the key was made."""
    url: str = signed_in.client("iam").meta.endpoint_url
    return None if ".amazonaws.com" in url or ".amazonaws.com.cn" in url else url


def _tell_issued(entry: Entry, notes: tuple[str, ...], *, as_one_object: bool) -> None:
    if as_one_object:
        document = Issued(
            entry.user_name, entry.access_key_id or "", entry.profile, entry.description, entry.csv_file, notes
        )
        print(as_json(document))
        return
    print(
        f"{paint('Issued', 'green')} {entry.access_key_id} for {entry.user_name}, in profile {entry.profile}, verified"
    )
    print(f"  {entry.description}")
    if entry.csv_file is not None:
        print(f"  {entry.csv_file} holds the secret too: put it into a password manager, and remove it")
    for text in notes:
        print(f"  {text}")
    print(f"  use it: aws --profile {entry.profile} sts get-caller-identity")


def note_lines(text: str) -> None:
    """Say several lines beside the answer."""
    for line in text.splitlines():
        note(line)


def _said(error: Exception) -> str:
    return reason(error) if isinstance(error, ClientError | BotoCoreError) else str(error)


def _code(error: Exception) -> Exit:
    return Exit.NEGATIVE if is_refusal(error) or isinstance(error, AwsFileError | OSError) else Exit.UNREACHABLE
