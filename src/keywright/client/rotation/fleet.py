"""Find the keys of a whole account that are old enough to be rotated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from keywright.client.identity import listed_keys
from keywright.client.rotation.keys import ACTIVE


@dataclass(frozen=True, slots=True)
class OldKey:
    """A key that is old enough."""

    user_name: str
    access_key_id: str
    created_at: datetime


def user_names(iam: Any) -> Iterator[str]:
    """
    Give the account's users.

    Raises: BotoCoreError; ClientError.
    """
    for page in iam.get_paginator("list_users").paginate():
        for user in page["Users"]:
            yield user["UserName"]


def old_keys(
    iam: Any, names: list[str], older_than: timedelta, executor: Executor, done: Callable[[int], None]
) -> list[OldKey]:
    """
    Give the active keys that are older, the oldest first; `done` is told of each user.

    Raises: BotoCoreError; ClientError.
    """
    before = datetime.now(UTC) - older_than

    def of_user(name: str) -> list[OldKey]:
        keys = list(listed_keys(iam, name))
        done(1)
        return [
            OldKey(name, key["AccessKeyId"], key["CreateDate"])
            for key in keys
            if key["Status"] == ACTIVE and key["CreateDate"] <= before
        ]

    found = [key for keys in executor.map(of_user, names) for key in keys]
    return sorted(found, key=lambda key: (key.created_at, key.access_key_id))
