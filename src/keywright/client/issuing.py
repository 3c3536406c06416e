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
from keywright.client.aws_files import set_profile
from keywright.client.description import orphans
from keywright.client.file_names import Kind
from keywright.client.identity import LastUse, Unknown, attempt, last_use, owner_of_new_key
from keywright.client.journal import Entry, write_entry
from keywright.client.known_options import KEY_ID, SECRET, TOKEN
from keywright.client.profiles import read_profiles
from keywright.client.replacing import put_file
from keywright.client.session import SignedIn, reason, sign_in_with

MOST_KEYS: Final = 2
_WINDOW: Final = timedelta(minutes=2)
"""A key that appeared so soon after an entry was written, and was never used, is that entry's."""
ONCE: Final = Config(connect_timeout=10, read_timeout=60, retries={"total_max_attempts": 1})
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
    pages = iam.get_paginator("list_access_keys").paginate(UserName=user_name)
    return [
        ExistingKey(key["AccessKeyId"], key["Status"], key["CreateDate"], _use(iam, key["AccessKeyId"]))
        for page in pages
        for key in page["AccessKeyMetadata"]
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
            path.unlink()
        raise
    entry = replace(entry, access_key_id=made["AccessKeyId"], secret_access_key=made["SecretAccessKey"])
    write_entry(path, entry)
    return entry


def finish(signed_in: SignedIn, path: Path, entry: Entry, environment: Mapping[str, str]) -> Iterator[str]:
    """
    Store, describe and verify a key that was made; gives notes of what could not be done.

    Raises: AwsFileError; BotoCoreError; ClientError; OSError; SignInError.
    """
    assert entry.access_key_id is not None  # INVARIANT: it was made
    assert entry.secret_access_key is not None
    options = {name: value for name, value in (("region", entry.region), ("endpoint_url", entry.endpoint_url)) if value}
    key = {KEY_ID: entry.access_key_id, SECRET: entry.secret_access_key}
    set_profile(
        entry.profile,
        {Kind.CREDENTIALS: key, Kind.CONFIG: options},
        environment,
        unset=frozenset({TOKEN}),
        replace_key=entry.replace_key,
    )
    if entry.csv_file is not None:
        text = f"Access key ID,Secret access key\r\n{entry.access_key_id},{entry.secret_access_key}\r\n"
        put_file(Path(entry.csv_file), text.encode())
    yield from _describe(signed_in.client("iam"), entry)
    secret = Secret(entry.secret_access_key)
    new = sign_in_with(entry.access_key_id, secret, signed_in.region, entry.endpoint_url)
    owner_of_new_key(new.client("sts"))
    path.unlink()


def _describe(iam: Any, entry: Entry) -> Iterator[str]:
    """Tag the user; as in the console, the key is made even where one may not."""
    try:
        iam.tag_user(UserName=entry.user_name, Tags=[{"Key": entry.access_key_id, "Value": entry.description}])
        pages = iam.get_paginator("list_user_tags").paginate(UserName=entry.user_name)
        tags = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
        keys = [key.access_key_id for key in existing_keys(iam, entry.user_name)]
        left = orphans(tags, keys)
        if left:
            iam.untag_user(UserName=entry.user_name, TagKeys=left)
            yield f"removed the descriptions of keys that are no more: {', '.join(left)}"
    except (ClientError, BotoCoreError) as error:
        yield f"the key has no description: {reason(error)}"


def new_keys(iam: Any, entry: Entry) -> list[ExistingKey]:
    """
    Give the keys that the user has got since an entry was written.

    Raises: BotoCoreError; ClientError.
    """
    return [key for key in existing_keys(iam, entry.user_name) if key.access_key_id not in entry.keys_before]


def is_lost(key: ExistingKey, entry: Entry) -> bool:
    """Tell whether a new key is that of an entry whose answer was lost: its secret is nowhere."""
    never_used = isinstance(key.used, LastUse) and key.used.at is None
    return never_used and abs(key.created_at - entry.started_at) < _WINDOW


def undo(signed_in: SignedIn, path: Path, entry: Entry, access_key_id: str, environment: Mapping[str, str]) -> None:
    """
    Delete a key that was made, its description, and what the profile has of it.

    Raises: AwsFileError; BotoCoreError; ClientError; OSError.
    """
    iam = signed_in.client("iam")
    with contextlib.suppress(iam.exceptions.NoSuchEntityException):
        iam.delete_access_key(UserName=entry.user_name, AccessKeyId=access_key_id)
    attempt(lambda: iam.untag_user(UserName=entry.user_name, TagKeys=[access_key_id]))
    if any(one.name == entry.profile and one.value(KEY_ID) == access_key_id for one in read_profiles(environment)[0]):
        set_profile(entry.profile, {}, environment, unset=frozenset({KEY_ID, SECRET}))
    path.unlink()


def now() -> datetime:
    """Give the moment."""
    return datetime.now(UTC)
