"""Ask who one is, and what the service knows of one's key: each answer, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.session import SignedIn, reason

Kind = Literal["root", "user", "assumed role", "federated user", "other"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no answer, for a reason."""

    why: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls."""

    arn: str
    account_id: str
    unique_id: str

    @property
    def kind(self) -> Kind:
        """Say what the caller is."""
        resource = self.arn.split(":", 5)[5]
        if resource == "root":
            return "root"
        kinds: Mapping[str, Kind] = {
            "user": "user",
            "assumed-role": "assumed role",
            "federated-user": "federated user",
        }
        return kinds.get(resource.partition("/")[0], "other")

    @property
    def user_name(self) -> str | None:
        """Give the IAM user's name, without its path."""
        return self.arn.rpartition("/")[2] if self.kind == "user" else None


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What IAM says of a key."""

    status: str
    created_at: datetime
    keys: int
    """How many its user has."""


@dataclass(frozen=True, slots=True)
class LastUse:
    """When a key was last used, as far as IAM knows (it lags, and counts in steps of 15 minutes)."""

    at: datetime | None
    service: str
    region: str


def who_am_i(signed_in: SignedIn) -> Caller:
    """
    Ask STS.

    Raises: BotoCoreError; ClientError.
    """
    answer = signed_in.client("sts").get_caller_identity()
    return Caller(answer["Arn"], answer["Account"], answer["UserId"])


def attempt[T](ask: Callable[[], T]) -> T | Unknown:
    """Ask; where the service refuses or cannot be reached, say why."""
    try:
        return ask()
    except (ClientError, BotoCoreError) as error:
        return Unknown(reason(error))


def key_facts(iam: Any, access_key_id: str) -> KeyFacts:
    """
    Find one's own key among one's keys.

    Raises: BotoCoreError; ClientError.
    """
    keys = [key for page in iam.get_paginator("list_access_keys").paginate() for key in page["AccessKeyMetadata"]]
    found = next(key for key in keys if key["AccessKeyId"] == access_key_id)
    return KeyFacts(found["Status"], found["CreateDate"], len(keys))
