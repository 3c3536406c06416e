"""What was done with an exposed key, by the event history: what it made and changed, from where, in which regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from botocore.exceptions import ClientError

from keywright.client.identity import listed_keys
from keywright.client.timeline import Event, History

_SESSION_CALLS: Final = frozenset({"GetSessionToken", "GetFederationToken", "AssumeRole"})
_KINDS: Final = {
    "CreateUser": ("user", "userName"),
    "CreateLoginProfile": ("password of the user", "userName"),
    "CreateRole": ("role", "roleName"),
    "CreateGroup": ("group", "groupName"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """Something that was made or changed."""

    kind: Annotated[str, "user, access key, password of the user, role, group, policy, or the call that changed it"]
    name: Annotated[str, "its name"]
    at: Annotated[datetime, "when"]
    action: Annotated[str, "by which call"]
    region: Annotated[str, "in which region"]
    address: Annotated[str, "from which address"]
    event_id: Annotated[str, "the event's id"]
    exists: Annotated[bool | None, "whether it is still there; null where only a person can tell"]


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done in the time looked at."""

    calls: int
    refused: int
    addresses: tuple[str, ...]
    regions: tuple[str, ...]
    made: tuple[Made, ...]
    sessions: tuple[str, ...]


def quarantine_began(
    history: History, region: str, user_name: str, since: datetime, until: datetime
) -> datetime | None:
    """
    Find when a quarantine's policy was last attached to a user.

    Raises: BotoCoreError; ClientError; SignInError.
    """
    for event, record in history.records(region, ("EventName", "AttachUserPolicy"), since, until):
        asked = record.get("requestParameters") or {}
        is_quarantine = "/AWSCompromisedKeyQuarantine" in str(asked.get("policyArn"))
        if is_quarantine and asked.get("userName") == user_name and event.error_code is None:
            return event.at
    return None


def activity_of(
    iam: Any,
    history: History,
    regions: Sequence[str],
    user_name: str,
    fresh: frozenset[str],
    since: datetime,
    until: datetime,
) -> Activity:
    """
    Read what a user did, but for what was done with keys that are not exposed (`fresh`).

    Raises: BotoCoreError; ClientError; SignInError.
    """
    found: dict[str, tuple[Event, Mapping[str, Any]]] = {}
    for region in regions:
        for event, record in history.records(region, ("Username", user_name), since, until):
            if event.access_key_id not in fresh:
                found[event.event_id] = (event, record)
    oldest_first = list(found.values())[::-1]
    calls = sorted(oldest_first, key=lambda one: one[0].at)
    made = [
        _made(iam, *one)
        for one in calls
        if not one[0].read_only and one[0].error_code is None and not _is_session(one[0])
    ]
    return Activity(
        len(calls),
        sum(1 for event, _ in calls if event.error_code is not None),
        _each(event.address for event, _ in calls),
        _each(event.region for event, _ in calls),
        tuple(made),
        _each(_session(*one) for one in calls if _is_session(one[0]) and one[0].error_code is None),
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _operation(event: Event) -> str:
    return event.action.rpartition(":")[2]


def _is_session(event: Event) -> bool:
    return event.action.startswith("sts:") and _operation(event) in _SESSION_CALLS


def _session(event: Event, record: Mapping[str, Any]) -> str:
    asked = record.get("requestParameters") or {}
    if _operation(event) == "AssumeRole":
        return f"the role {str(asked.get('roleArn')).rpartition('/')[2]} was assumed"
    return f"{_operation(event)} gave credentials"


def _made(iam: Any, event: Event, record: Mapping[str, Any]) -> Made:
    operation = _operation(event)
    asked, answered = record.get("requestParameters") or {}, record.get("responseElements") or {}
    kind, name = operation, ", ".join(event.resources) or event.user or "?"
    check: Callable[[], Any] | None = None
    if event.action == "iam:CreateAccessKey":
        key = answered.get("accessKey") or {}
        kind, name = "access key", str(key.get("accessKeyId"))
        return _with(event, kind, name, exists=_has_key(iam, str(key.get("userName")), name))
    if event.action == "iam:CreatePolicy":
        arn = str((answered.get("policy") or {}).get("arn"))
        kind, name = "policy", arn
        check = lambda: iam.get_policy(PolicyArn=arn)  # noqa: E731 - beside the others
    elif operation in _KINDS and event.action.startswith("iam:"):
        kind, member = _KINDS[operation]
        name = str(asked.get(member))
        check = {
            "CreateUser": lambda: iam.get_user(UserName=name),
            "CreateLoginProfile": lambda: iam.get_login_profile(UserName=name),
            "CreateRole": lambda: iam.get_role(RoleName=name),
            "CreateGroup": lambda: iam.get_group(GroupName=name, MaxItems=1),
        }[operation]
    return _with(event, kind, name, exists=None if check is None else _exists(check))


def _with(event: Event, kind: str, name: str, *, exists: bool | None) -> Made:
    return Made(kind, name, event.at, event.action, event.region, event.address, event.event_id, exists)


def _exists(check: Callable[[], Any]) -> bool | None:
    try:
        check()
    except ClientError as error:
        return False if error.response["Error"]["Code"] == "NoSuchEntity" else None
    return True


def _has_key(iam: Any, user_name: str, access_key_id: str) -> bool | None:
    try:
        return any(key["AccessKeyId"] == access_key_id for key in listed_keys(iam, user_name))
    except ClientError as error:
        return False if error.response["Error"]["Code"] == "NoSuchEntity" else None
