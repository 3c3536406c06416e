"""A user's keys as a rotation sees them, and the one whose answer was lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from keywright.client.identity import LastUse
from keywright.client.issuing import ExistingKey, existing_keys

ACTIVE: Final = "Active"
_WINDOW: Final = timedelta(minutes=2)
"""A key that appeared so soon after a call whose answer was lost, and was never used, is that call's."""


def keys_by_id(iam: Any, user_name: str) -> dict[str, ExistingKey]:
    """
    Give a user's keys: none where there is no such user any more.

    Raises: BotoCoreError; ClientError.
    """
    try:
        return {key.access_key_id: key for key in existing_keys(iam, user_name)}
    except iam.exceptions.NoSuchEntityException:
        return {}


def lost_key(keys: Mapping[str, ExistingKey], keys_before: tuple[str, ...], since: datetime) -> ExistingKey | None:
    """Find the key of a call whose answer was lost, and with it the secret: it can only go."""
    for key in keys.values():
        never_used = isinstance(key.used, LastUse) and key.used.at is None
        if key.access_key_id not in keys_before and never_used and abs(key.created_at - since) < _WINDOW:
            return key
    return None


def moment_of(answer: Mapping[str, Any]) -> datetime:
    """Give the service's own time of an answer, to which its last-used times belong; ours where it tells none."""
    try:
        stated = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (KeyError, ValueError):
        return datetime.now(UTC)
    return stated.astimezone(UTC)


def describe_key(iam: Any, user_name: str, access_key_id: str, description: str) -> None:
    """
    Write a key's description, a tag of its user.

    Raises: BotoCoreError; ClientError.
    """
    iam.tag_user(UserName=user_name, Tags=[{"Key": access_key_id, "Value": description}])


def description_of(iam: Any, user_name: str, access_key_id: str) -> str | None:
    """
    Read a key's description; AWS compares the names of tags without case.

    Raises: BotoCoreError; ClientError.
    """
    pages = iam.get_paginator("list_user_tags").paginate(UserName=user_name)
    tags = {tag["Key"].upper(): tag["Value"] for page in pages for tag in page["Tags"]}
    return tags.get(access_key_id.upper())
