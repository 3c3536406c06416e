"""The role that is to be assumed, and who may: its trust policy is asked like any resource's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from keywright.aws.arn import iam_arn
from keywright.identity.policies import trust_policy
from keywright.services.operation import Call, Target
from keywright.services.sts.errors import ValidationError
from keywright.store.tables import roles

Role = Row[Any]
"""A row of `roles`."""

_ARN: Final = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)
_ROLE: Final = re.compile(r"arn:aws:iam::(\d{12}):role/(?:[\x21-\x7e]+/)?([\w+=,.@-]+)", re.ASCII)
_CHAINED_SECONDS: Final = 3600


def check_role_arn(role_arn: str) -> None:
    """
    Refuse what is no ARN; whether it is a role's, and of one that there is, is not told.

    Raises: ValidationError.
    """
    if _ARN.fullmatch(role_arn) is None:
        raise ValidationError(f"{role_arn} is invalid")


def account_of_role(role_arn: str) -> str | None:
    """Give the account that a role's ARN names; None for what is no role's ARN."""
    match = _ROLE.fullmatch(role_arn)
    return None if match is None else match[1]


def look_up_role(connection: Connection, role_arn: str) -> Role | None:
    """Find a role of whatever account by its whole ARN."""
    match = _ROLE.fullmatch(role_arn)
    if match is None:
        return None
    role = connection.execute(
        select(roles).where(roles.c.account_id == match[1], roles.c.role_name_key == match[2].casefold())
    ).one_or_none()
    is_named = role is not None and iam_arn(match[1], "role", role.path, role.role_name) == role_arn
    return role if is_named else None


def role_target(call: Call, role_arn: str, keys: Mapping[str, tuple[str, ...]]) -> Target:
    """Ask about a role under its trust policy; a role that is not there trusts nobody."""
    role = look_up_role(call.connection, role_arn)
    trusted = () if role is None else trust_policy(role.trust_policy)
    return Target(role_arn, account_id=account_of_role(role_arn), policies=trusted, policies_must_allow=True, keys=keys)


def check_duration(role: Role, duration_seconds: int, *, chained: bool) -> None:
    """
    Refuse a session that is longer than its role permits, or than one may be that a session asks for.

    Raises: ValidationError.
    """
    if duration_seconds > role.max_session_duration_seconds:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    if chained and duration_seconds > _CHAINED_SECONDS:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
