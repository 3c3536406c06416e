"""Make a key for a user and see it into a profile, step by step; each step can be done again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from keywright.aws.secret import Secret
from keywright.client.description import orphans
from keywright.client.handover import write_handover
from keywright.client.handover_opening import is_sealed
from keywright.client.identity import (
    LastUse,
    Unknown,
    attempt,
    last_use,
    listed_keys,
    listed_tags,
    moment_of,
    owner_of_new_key,
)
from keywright.client.journal import Entry, remove_entry, write_entry
from keywright.client.profile_keys import put_key, take_out
from keywright.client.replacing import put_file, read_original, remove_left_over
from keywright.client.session import SignedIn, reason, sign_in_with
from keywright.client.shred import shred

MOST_KEYS: Final = 2
_WINDOW: Final = timedelta(minutes=2)
"""A key that appeared so soon after an entry was written, and was never used, is that entry's."""
ONCE: Final = Config(
    connect_timeout=10, read_timeout=60, retries={"total_max_attempts": 1}, user_agent_extra="keywright"
)
"""CreateAccessKey asked again after a lost answer would make a second key."""


@dataclass(frozen=True, slots=True)
class ExistingKey:
    """A key that the user has."""

    access_key_id: str
    status: str
    created_at: datetime
    used: LastUse | Unknown


def existing_keys(iam: Any, user_name: str) -> list[ExistingKey]:
    """
    Give a user's keys.

    Raises: BotoCoreError; ClientError.
    """
    return [
        ExistingKey(key["AccessKeyId"], key["Status"], key["CreateDate"], _use(iam, key["AccessKeyId"]))
        for key in listed_keys(iam, user_name)
    ]


def _use(iam: Any, access_key_id: str) -> LastUse | Unknown:
    return attempt(lambda: last_use(iam, access_key_id))


def create(signed_in: SignedIn, path: Path, entry: Entry) -> Entry:
    """
    Make the key, and write it into the journal at once.

    Raises: BotoCoreError; ClientError; OSError.
    """
    write_entry(path, entry)
    try:
        made = signed_in.client("iam", ONCE).create_access_key(UserName=entry.user_name)["AccessKey"]
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            # Refused: there is no key, and nothing to resume.
            remove_entry(path)
        raise
    entry = replace(entry, access_key_id=made["AccessKeyId"], secret_access_key=made["SecretAccessKey"])
    write_entry(path, entry)
    return entry


def finish(
    signed_in: SignedIn, path: Path, entry: Entry, environment: Mapping[str, str], passphrase: Secret | None = None
) -> Iterator[str]:
    """
    Store or hand over, describe and verify a key that was made; gives notes of what could not be done.

    Raises: AwsFileError; BotoCoreError; ClientError; KeystoreError; OSError; RecipientError; SignInError.
    """
    key = entry.key
    if entry.profile is not None:
        put_key(entry.profile, key, entry.store, environment, replace_key=entry.replace_key)
    if entry.handover_file is not None:
        remove_left_over(Path(entry.handover_file))
        write_handover(Path(entry.handover_file), key, entry.recipients, passphrase)
    if entry.csv_file is not None:
        text = f"Access key ID,Secret access key\r\n{key.access_key_id},{key.secret.reveal()}\r\n"
        remove_left_over(Path(entry.csv_file))
        put_file(Path(entry.csv_file), text.encode())
    yield from _describe(signed_in.client("iam"), entry)
    new = sign_in_with(key.access_key_id, key.secret, signed_in.region, entry.endpoint_url)
    owner_of_new_key(new.client("sts"))
    remove_entry(path)


def _describe(iam: Any, entry: Entry) -> Iterator[str]:
    """Tag the user; as in the console, the key is made even where one may not."""
    try:
        iam.tag_user(UserName=entry.user_name, Tags=[{"Key": entry.access_key_id, "Value": entry.description}])
        tags = listed_tags(iam, entry.user_name)
        keys = [key.access_key_id for key in existing_keys(iam, entry.user_name)]
        left = orphans(tags, keys)
        if left:
            iam.untag_user(UserName=entry.user_name, TagKeys=left)
            yield f"removed the descriptions of keys that are no more: {', '.join(left)}"
    except (ClientError, BotoCoreError) as error:
        yield f"the key has no description: {reason(error)}"


def find_lost(iam: Any, entry: Entry) -> tuple[str | None, list[str]]:
    """
    Find the key of an entry whose answer was lost, so that its secret is nowhere; None where that is not sure.

    Gives the new keys besides, of which any may be the one. Raises: BotoCoreError; ClientError.
    """
    new = [key for key in existing_keys(iam, entry.user_name) if key.access_key_id not in entry.keys_before]
    if len(new) == 1 and is_lost(new[0], entry.started_at):
        return new[0].access_key_id, []
    return None, [key.access_key_id for key in new]


def is_lost(key: ExistingKey, since: datetime) -> bool:
    """Tell whether a new key is that of a call of a moment whose answer was lost, and with it the secret."""
    never_used = isinstance(key.used, LastUse) and key.used.at is None
    return never_used and abs(key.created_at - since) < _WINDOW


def undo(signed_in: SignedIn, path: Path, entry: Entry, access_key_id: str, environment: Mapping[str, str]) -> None:
    """
    Delete a key that was made, its description, and what profile, store and files have of it.

    Raises: AwsFileError; BotoCoreError; ClientError; KeystoreError; OSError.
    """
    iam = signed_in.client("iam")
    with contextlib.suppress(iam.exceptions.NoSuchEntityException):
        iam.delete_access_key(UserName=entry.user_name, AccessKeyId=access_key_id)
    attempt(lambda: iam.untag_user(UserName=entry.user_name, TagKeys=[access_key_id]))
    if entry.profile is not None:
        take_out(entry.profile, access_key_id, environment)
    if entry.handover_file is not None:
        remove_left_over(Path(entry.handover_file))
        if is_sealed(read_original(Path(entry.handover_file)).content):
            Path(entry.handover_file).unlink()
    if entry.csv_file is not None:
        remove_left_over(Path(entry.csv_file))
        if access_key_id.encode() in read_original(Path(entry.csv_file)).content:
            shred(Path(entry.csv_file))
    remove_entry(path)


def keys_and_moment(iam: Any, user_name: str) -> tuple[tuple[str, ...], datetime]:
    """
    Give the ids of a user's keys, and the moment as the service has it: keys are dated by its clock, not by ours.

    Raises: BotoCoreError; ClientError.
    """
    ids: list[str] = []
    moment = datetime.now(UTC)
    for page in iam.get_paginator("list_access_keys").paginate(UserName=user_name):
        ids += [key["AccessKeyId"] for key in page["AccessKeyMetadata"]]
        moment = moment_of(page)
    return tuple(ids), moment
