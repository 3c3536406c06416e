"""A user's keys as a rotation sees them, and the one whose answer was lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from keywright.client.identity import listed_tags
from keywright.client.issuing import ExistingKey, existing_keys, is_lost

ACTIVE: Final = "Active"


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
        if key.access_key_id not in keys_before and is_lost(key, since):
            return key
    return None


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
    tags = {name.upper(): value for name, value in listed_tags(iam, user_name).items()}
    return tags.get(access_key_id.upper())
