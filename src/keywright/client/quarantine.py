"""
Whom AWS has quarantined, because a key of theirs was found in public, and how far the recovery is (facts §10).

The order is AWS's own: make a new key and put it in place, deactivate the exposed one, end the sessions that it made,
look for what it made, delete it, and only then take the quarantine away. Each step is read off the live state, so that
the recovery can be left and taken up again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from botocore.exceptions import ClientError

from keywright.client.identity import listed_keys
from keywright.client.quarantine_made import Activity, Made
from keywright.client.timeline_marks import shortened

_NAME: Final = re.compile(r"AWSCompromisedKeyQuarantine(?:V\d+)?")
_VERSIONS: Final = ("V3", "V2", "")
REVOKING: Final = "AWSRevokeOlderSessions"
"""The inline policy by which the console revokes sessions."""
_LONGEST_SESSION: Final = timedelta(hours=36)
STEPS: Final = ("replace", "deactivate", "sessions", "made", "delete", "detach")


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key of a quarantined user's."""

    access_key_id: Annotated[str, "the key's id"]
    status: Annotated[str, "Active, Inactive or Expired"]
    created_at: Annotated[datetime, "when it was made"]
    last_used_at: Annotated[datetime | None, "when it was last used, as far as IAM knows"]
    exposed: Annotated[bool, "whether it is taken for exposed: made before the quarantine, or named by --key"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the recovery."""

    name: Annotated[str, "replace, deactivate, sessions, made, delete or detach"]
    status: Annotated[str, "done, left, or blocked by a step before it"]
    detail: Annotated[str, "what is the case"]
    command: Annotated[str | None, "what to type"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A quarantined user, and how far the recovery is."""

    user_name: Annotated[str, "the user"]
    policies: Annotated[tuple[str, ...], "the quarantine's policies that are attached"]
    quarantined_at: Annotated[datetime | None, "since when, as the event history tells; null where it does not"]
    keys: Annotated[tuple[KeyState, ...], "the user's keys"]
    calls: Annotated[int | None, "how many calls the user made in the time looked at; null where it is not known"]
    refused_calls: Annotated[int | None, "how many of them were refused, or failed"]
    addresses: Annotated[tuple[str, ...], "from which addresses"]
    regions: Annotated[tuple[str, ...], "in which regions"]
    made: Annotated[tuple[Made, ...], "what was made or changed by them"]
    steps: Annotated[tuple[Step, ...], "the steps of the recovery, in their order"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the live state and the event history tell of a user."""

    user_name: str
    policies: tuple[str, ...]
    quarantined_at: datetime | None
    keys: tuple[KeyState, ...]
    activity: Activity | str
    """Why there is none, where it could not be read."""
    sessions_revoked: bool
    looked: bool
    """Whether a person has looked at all that was made: what is left of it is theirs."""

    @property
    def exposed(self) -> list[KeyState]:
        """Give the exposed keys that there still are."""
        return [key for key in self.keys if key.exposed]

    @property
    def fresh(self) -> list[KeyState]:
        """Give the keys that may take their place."""
        return [key for key in self.keys if not key.exposed and key.status == "Active"]

    @property
    def remaining(self) -> list[Made]:
        """Give what was made and is still there, or may be."""
        if self.looked or isinstance(self.activity, str):
            return []
        return [one for one in self.activity.made if one.exists is not False]


def quarantined_users(iam: Any, partition: str) -> list[str]:
    """
    List the users who have a quarantine's policy.

    Raises: BotoCoreError; ClientError.
    """
    found: dict[str, None] = {}
    for version in _VERSIONS:
        arn = f"arn:{partition}:iam::aws:policy/AWSCompromisedKeyQuarantine{version}"
        asked = iam.get_paginator("list_entities_for_policy").paginate(PolicyArn=arn, EntityFilter="User")
        try:
            for page in asked:
                found |= {user["UserName"]: None for user in page["PolicyUsers"]}
        except ClientError as error:
            # AWS: V1 and V2 may be gone one day; whom they are attached to then, nobody is.
            if error.response["Error"]["Code"] != "NoSuchEntity":
                raise
    return sorted(found)


def attached_policies(iam: Any, user_name: str) -> tuple[str, ...]:
    """
    Give the ARNs of a user's quarantine policies.

    Raises: BotoCoreError; ClientError.
    """
    pages = iam.get_paginator("list_attached_user_policies").paginate(UserName=user_name)
    attached = [policy for page in pages for policy in page["AttachedPolicies"]]
    return tuple(one["PolicyArn"] for one in attached if _NAME.fullmatch(one["PolicyName"]))


def key_states(iam: Any, user_name: str, quarantined_at: datetime | None, named: Sequence[str]) -> tuple[KeyState, ...]:
    """
    Read a user's keys, and tell which are taken for exposed: those named, or made before the quarantine.

    Where neither is known it is the oldest. Raises: BotoCoreError; ClientError.
    """
    listed = sorted(listed_keys(iam, user_name), key=lambda key: key["CreateDate"])
    states = []
    for number, key in enumerate(listed):
        used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"].get("LastUsedDate")
        if named:
            exposed = key["AccessKeyId"] in named
        elif quarantined_at is not None:
            exposed = key["CreateDate"] <= quarantined_at
        else:
            exposed = number == 0
        states.append(KeyState(key["AccessKeyId"], key["Status"], key["CreateDate"], used, exposed))
    return tuple(states)


def has_revoked_sessions(iam: Any, user_name: str) -> bool:
    """
    Tell whether older sessions of a user are denied.

    Raises: BotoCoreError; ClientError.
    """
    pages = iam.get_paginator("list_user_policies").paginate(UserName=user_name)
    return any(REVOKING in page["PolicyNames"] for page in pages)


def quarantined(facts: Facts) -> Quarantined:
    """Say how far the recovery is."""
    activity = None if isinstance(facts.activity, str) else facts.activity
    return Quarantined(
        facts.user_name,
        tuple(arn.rpartition("/")[2] for arn in facts.policies),
        facts.quarantined_at,
        facts.keys,
        None if activity is None else activity.calls,
        None if activity is None else activity.refused,
        () if activity is None else activity.addresses,
        () if activity is None else activity.regions,
        () if activity is None else activity.made,
        tuple(_steps(facts)),
    )


def _steps(facts: Facts) -> Iterator[Step]:
    name = facts.user_name
    again = f"keywright quarantine --user {name} --do"
    exposed, fresh, remaining = facts.exposed, facts.fresh, facts.remaining
    active = [key for key in exposed if key.status == "Active"]
    if fresh:
        yield Step("replace", "done", f"{_ids(fresh)} is there{_still_used(active, fresh)}", None)
    elif active:
        detail = f"make a key in place of {_ids(active)}, and put it wherever that is: an administrator has to"
        yield Step("replace", "left", detail, f"keywright issue {name}   (or: keywright rotate --user {name})")
    else:
        yield Step("replace", "done", "no exposed key is active, and no other: make one where one is needed", None)
    if active:
        detail = f"{_ids(active)} is active: whoever found it can use it"
        yield Step("deactivate", "left", detail, f"{again} deactivate")
    else:
        yield Step("deactivate", "done", f"{_ids(exposed)} is inactive" if exposed else "no exposed key is left", None)
    yield _sessions(facts, f"{again} sessions")
    if isinstance(facts.activity, str) and not facts.looked:
        yield Step("made", "blocked", f"the event history could not be read: {facts.activity}", None)
    elif remaining:
        listed = list(dict.fromkeys(f"{one.kind} {one.name}" for one in remaining))
        detail = f"look at {shortened(listed)}: delete what is not yours; then say so by --looked"
        yield Step("made", "left", detail, None)
    else:
        yield Step("made", "done", "nothing that was made or changed is left to look at", None)
    blocked = "an exposed key is active: deactivate it first" if active else None
    if not exposed:
        yield Step("delete", "done", "no exposed key is left", None)
    else:
        yield Step("delete", "blocked" if blocked else "left", blocked or f"delete {_ids(exposed)}", f"{again} delete")
    yield _detach(facts, f"{again} detach")


def _sessions(facts: Facts, command: str) -> Step:
    made = () if isinstance(facts.activity, str) else facts.activity.sessions
    if facts.sessions_revoked:
        return Step("sessions", "done", f"the inline policy {REVOKING} denies sessions that began before it", None)
    if not isinstance(facts.activity, str) and not made:
        return Step("sessions", "done", "no session was made", None)
    hours = int(_LONGEST_SESSION.total_seconds() // 3600)
    what = ", ".join(made) if made else "sessions may have been made"
    detail = f"{what}: they live on without the key, up to {hours} hours"
    roles = [one for one in made if one.startswith("the role ")]
    if roles:
        detail += "; a role's are revoked at the role (console: Revoke sessions)"
    return Step("sessions", "left", detail, command)


def _detach(facts: Facts, command: str) -> Step:
    if not facts.policies:
        return Step("detach", "done", "no quarantine is attached", None)
    if facts.exposed:
        return Step("detach", "blocked", "AWS: do NOT remove this policy before the exposed key is gone", command)
    if facts.remaining or (isinstance(facts.activity, str) and not facts.looked):
        return Step("detach", "blocked", "look first at what was made", command)
    return Step("detach", "left", "once AWS Support has said so, and not before", command)


def _ids(keys: Sequence[KeyState]) -> str:
    return ", ".join(key.access_key_id for key in keys)


def _still_used(active: Sequence[KeyState], fresh: Sequence[KeyState]) -> str:
    since = min(key.created_at for key in fresh)
    used = [key for key in active if key.last_used_at is not None and key.last_used_at > since]
    return f"; but {_ids(used)} was used after that: by something of yours, or by whoever found it" if used else ""
