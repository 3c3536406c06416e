"""Read one user: live, and from the user's row of the credential report where that is refused."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from keywright.client.audit.asking import Asking, is_missing
from keywright.client.audit.credential_report import ReportedKey, ReportedUser
from keywright.client.audit.facts import AuditedKey, AuditedUser
from keywright.client.audit.policies import Permissions
from keywright.client.identity import LastUse, last_use


class KnownUser(NamedTuple):
    """A user as it is listed."""

    name: str
    arn: str
    created_at: datetime | None
    password_last_used_at: datetime | None


class _Password(NamedTuple):
    exists: bool | None
    made_at: datetime | None


def read_user(asking: Asking, known: KnownUser, permissions: Permissions, row: ReportedUser | None) -> AuditedUser:
    """
    Read a user.

    Raises: BotoCoreError; ClientError NoSuchEntity, where there is none any more.
    """
    keys = _keys(asking, known.name, row)
    password = _password(asking, known.name, row)
    return AuditedUser(
        name=known.name,
        arn=known.arn or (row.arn if row else ""),
        created_at=known.created_at or (row.created_at if row else None),
        has_password=password.exists,
        password_last_used_at=known.password_last_used_at or (row.password_last_used_at if row else None),
        password_made_at=password.made_at,
        # Without a password there is no sign-in to guard: a call for each such user is saved.
        has_mfa=None if password.exists is False else _mfa(asking, known.name, row),
        keys=keys,
        tags=permissions.tags,
        policies=permissions.policies,
        grants=permissions.grants,
    )


def _keys(asking: Asking, user: str, row: ReportedUser | None) -> tuple[AuditedKey, ...] | None:
    listed = asking.items("list_access_keys", "AccessKeyMetadata", "iam:ListAccessKeys", {"UserName": user}, user)
    if listed is None:
        return None if row is None else tuple(reported_key(key) for key in row.keys)
    return tuple(_key(asking, user, one, row) for one in listed)


def _key(asking: Asking, user: str, listed: Any, row: ReportedUser | None) -> AuditedKey:
    key_id, created_at = listed["AccessKeyId"], listed["CreateDate"]
    is_active = listed["Status"] == "Active"
    reported = _same_key(row, created_at)
    call = functools.partial(last_use, asking.iam, key_id)
    try:
        use = asking.ask("iam:GetAccessKeyLastUsed", call, user, made_up_for=reported is not None)
    except ClientError:
        # It has been deleted since it was listed, and is not there to be used.
        use = LastUse(None, "N/A", "N/A")
    if use is not None:
        # AWS: a key that was never used has "N/A" for its service (facts §5).
        service, region = (None if text == "N/A" else text for text in (use.service, use.region))
        return AuditedKey(key_id, is_active, created_at, True, use.at, service, region)
    if reported is not None:
        return replace(reported_key(reported), access_key_id=key_id, is_active=is_active, created_at=created_at)
    return AuditedKey(key_id, is_active, created_at, use_is_known=False)


def _same_key(row: ReportedUser | None, created_at: datetime) -> ReportedKey | None:
    """Find a key in the report, which does not say its id: by the moment at which it was made."""
    moment = created_at.replace(microsecond=0)
    same = [key for key in row.keys if key.made_at == moment] if row else []
    return same[0] if len(same) == 1 else None


def reported_key(key: ReportedKey) -> AuditedKey:
    """Take a key from the report."""
    return AuditedKey(
        None, key.is_active, key.made_at, True, key.last_used_at, key.last_used_service, key.last_used_region
    )


def _password(asking: Asking, user: str, row: ReportedUser | None) -> _Password:
    changed_at = row.password_changed_at if row else None
    call = functools.partial(asking.iam.get_login_profile, UserName=user)
    try:
        answer = asking.ask("iam:GetLoginProfile", call, user, made_up_for=row is not None)
    except ClientError as error:
        if not is_missing(error):
            raise
        return _Password(exists=False, made_at=None)
    if answer is None:
        return _Password(row.has_password if row else None, changed_at)
    made_at = answer["LoginProfile"]["CreateDate"]
    return _Password(exists=True, made_at=max(made_at, changed_at or made_at))


def _mfa(asking: Asking, user: str, row: ReportedUser | None) -> bool | None:
    devices = asking.items(
        "list_mfa_devices", "MFADevices", "iam:ListMFADevices", {"UserName": user}, user, made_up_for=row is not None
    )
    if devices is None:
        return row.has_mfa if row else None
    return bool(devices)
