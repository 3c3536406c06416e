"""Ask who one is, and what the service knows of one's key: each answer, or why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.session import SignedIn, is_refusal, reason

T = TypeVar("T")
_TRIES: Final = 4
_WAIT_SECONDS: Final = 1.5
"""AWS: a key made a moment ago is refused for some seconds, as one that does not exist."""
Kind = Literal["root", "user", "assumed role", "federated user", "other"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no answer, for a reason."""

    why: str
    error: Exception | None = field(default=None, compare=False, repr=False)
    """What the call raised, where one was made."""

    @property
    def is_refused(self) -> bool:
        """Tell whether the service answered, and did not do it."""
        return self.error is None or is_refusal(self.error)


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


def owner_of_new_key(sts: Any) -> str:
    """
    Ask STS whose key signs, giving a key of a moment ago the time that it takes; gives the ARN.

    Raises: BotoCoreError; ClientError.
    """
    for left in reversed(range(_TRIES)):
        try:
            return str(sts.get_caller_identity()["Arn"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidClientTokenId" or not left:
                raise
            time.sleep(_WAIT_SECONDS)
    raise AssertionError


def attempt(ask: Callable[[], T]) -> T | Unknown:
    """Ask; where the service refuses or cannot be reached, say why."""
    try:
        return ask()
    except (ClientError, BotoCoreError) as error:
        return Unknown(reason(error), error)


def listed_keys(iam: Any, user_name: str | None) -> Iterator[dict[str, Any]]:
    """
    Give what IAM lists of a user's keys (`AccessKeyMetadata`); None: the root user's.

    Raises: BotoCoreError; ClientError.
    """
    for page in iam.get_paginator("list_access_keys").paginate(**_named(user_name)):
        yield from page["AccessKeyMetadata"]


def listed_tags(iam: Any, user_name: str) -> dict[str, str]:
    """
    Give a user's tags.

    Raises: BotoCoreError; ClientError.
    """
    pages = iam.get_paginator("list_user_tags").paginate(UserName=user_name)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def moment_of(answer: Mapping[str, Any]) -> datetime:
    """Give the service's own time of an answer, by which it dates keys and their use; ours where it tells none."""
    try:
        stated = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (KeyError, ValueError):
        return datetime.now(UTC)
    return stated.astimezone(UTC)


def key_facts(iam: Any, user_name: str | None, access_key_id: str) -> KeyFacts | Unknown:
    """
    Find a key among a user's keys; None: the root user's.

    Raises: BotoCoreError; ClientError.
    """
    keys = list(listed_keys(iam, user_name))
    found = next((key for key in keys if key["AccessKeyId"] == access_key_id), None)
    if found is None:
        return Unknown("IAM does not list this key among the caller's")
    return KeyFacts(found["Status"], found["CreateDate"], len(keys))


def last_use(iam: Any, access_key_id: str) -> LastUse:
    """
    Ask when a key was last used.

    Raises: BotoCoreError; ClientError.
    """
    answer = iam.get_access_key_last_used(AccessKeyId=access_key_id)["AccessKeyLastUsed"]
    return LastUse(answer.get("LastUsedDate"), answer["ServiceName"], answer["Region"])


def user_tags(iam: Any) -> dict[str, str]:
    """
    Give one's own tags.

    Raises: BotoCoreError; ClientError.
    """
    return {tag["Key"]: tag["Value"] for tag in iam.get_user()["User"].get("Tags", [])}


def mfa_devices(iam: Any, user_name: str | None) -> tuple[str, ...]:
    """
    Give a user's MFA devices; None: the root user's.

    Raises: BotoCoreError; ClientError.
    """
    pages = iam.get_paginator("list_mfa_devices").paginate(**_named(user_name))
    return tuple(device["SerialNumber"] for page in pages for device in page["MFADevices"])


def _named(user_name: str | None) -> dict[str, str]:
    return {} if user_name is None else {"UserName": user_name}
