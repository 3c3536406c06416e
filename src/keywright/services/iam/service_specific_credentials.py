"""Credentials for one service alone: a user name and a password, or an API key."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, delete, insert, select, update

from keywright.aws.arn import iam_arn
from keywright.aws.identifiers import new_unique_id
from keywright.aws.quotas import SERVICE_SPECIFIC_CREDENTIALS_PER_SERVICE
from keywright.services.iam.errors import InvalidInput, NoSuchEntity, ValidationError, quota_exceeded
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import User, existing_user, find_user, find_user_or_caller
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import service_specific_credentials as credentials
from keywright.store.tables import users

_SERVICES: Final[dict[str, str | None]] = {
    "codecommit.amazonaws.com": None,
    "cassandra.amazonaws.com": None,
    "bedrock.amazonaws.com": "ABSK",
    "logs.amazonaws.com": "ACWL",
}
"""The services that have such credentials (API reference, CreateServiceSpecificCredential); how an API key begins."""


class _Secret(NamedTuple):
    text: str
    digest: bytes


def owner_or_everyone(call: Call, inputs: Inputs) -> Target:
    """Name the user whose credentials are listed, or all users."""
    if inputs.get("all_users"):
        return Target(iam_arn(call.account_id, "user", "/", ""))
    return existing_user(call, inputs)


@operation(resource=existing_user)
def create_service_specific_credential(
    call: Call, *, user_name: str, service_name: str, credential_age_days: int | None = None
) -> Result:
    """
    Make a credential. Its secret is in this answer and nowhere else.

    Raises: NoSuchEntity (user, service); ValidationError (an age for a password); LimitExceeded.
    """
    user = find_user(call, user_name)
    _check_service(service_name)
    if credential_age_days is not None and _SERVICES[service_name] is None:
        raise ValidationError(f"CredentialAgeDays is not supported for {service_name}")
    taken = set(
        call.connection.execute(
            select(credentials.c.number).where(
                credentials.c.user_id == user.user_id, credentials.c.service_name == service_name
            )
        ).scalars()
    )
    if len(taken) >= SERVICE_SPECIFIC_CREDENTIALS_PER_SERVICE:
        raise quota_exceeded("ServiceSpecificCredentialsPerUser", SERVICE_SPECIFIC_CREDENTIALS_PER_SERVICE)
    number = min(set(range(SERVICE_SPECIFIC_CREDENTIALS_PER_SERVICE)) - taken)
    alias = f"{user.user_name}{f'+{number}' if number else ''}-at-{call.account_id}"
    secret = _new_secret(service_name, alias)
    credential_id = new_unique_id("ACCA", call.account_id)
    call.connection.execute(
        insert(credentials).values(
            credential_id=credential_id,
            user_id=user.user_id,
            service_name=service_name,
            number=number,
            alias=alias,
            secret_digest=secret.digest,
            status="Active",
            created_at=call.now,
            expires_at=None if credential_age_days is None else call.now + timedelta(days=credential_age_days),
        )
    )
    return {"ServiceSpecificCredential": _describe_with(call, _find(call, user, credential_id), secret)}


@operation(resource=owner_or_everyone)
def list_service_specific_credentials(
    call: Call,
    *,
    user_name: str | None = None,
    service_name: str | None = None,
    all_users: bool = False,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """
    List a user's credentials, or all users', without their secrets.

    Raises: NoSuchEntity (user, service); ValidationError (both a user and all; nobody).
    """
    statement = _joined().where(users.c.account_id == call.account_id)
    if all_users and user_name is not None:
        raise ValidationError("UserName cannot be specified together with AllUsers")
    if not all_users:
        statement = statement.where(credentials.c.user_id == _owner(call, user_name).user_id)
    if service_name is not None:
        _check_service(service_name)
        statement = statement.where(credentials.c.service_name == service_name)
    rows, truncation = read_page(
        call.connection, statement, [credentials.c.credential_id], PageRequest(marker, max_items)
    )
    return {"ServiceSpecificCredentials": [_describe(row, call.now) for row in rows], **truncation}


@operation(resource=existing_user)
def update_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, status: str, user_name: str | None = None
) -> Result:
    """
    Activate or deactivate a credential.

    Raises: NoSuchEntity; InvalidInput (it cannot be set to Expired).
    """
    row = _find(call, _owner(call, user_name), service_specific_credential_id)
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid for UpdateServiceSpecificCredential.")
    call.connection.execute(
        update(credentials).where(credentials.c.credential_id == row.credential_id).values(status=status)
    )
    return None


@operation(resource=existing_user)
def reset_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, user_name: str | None = None
) -> Result:
    """
    Replace a credential's secret: the former one is good for nothing from now on.

    Raises: NoSuchEntity.
    """
    row = _find(call, _owner(call, user_name), service_specific_credential_id)
    secret = _new_secret(row.service_name, row.alias)
    call.connection.execute(
        update(credentials).where(credentials.c.credential_id == row.credential_id).values(secret_digest=secret.digest)
    )
    return {"ServiceSpecificCredential": _describe_with(call, row, secret)}


@operation(resource=existing_user)
def delete_service_specific_credential(
    call: Call, *, service_specific_credential_id: str, user_name: str | None = None
) -> Result:
    """
    Delete a credential.

    Raises: NoSuchEntity.
    """
    row = _find(call, _owner(call, user_name), service_specific_credential_id)
    call.connection.execute(delete(credentials).where(credentials.c.credential_id == row.credential_id))
    return None


def _check_service(service_name: str) -> None:
    if service_name not in _SERVICES:
        raise NoSuchEntity(f"No such service {service_name} is supported for Service Specific Credentials")


def _owner(call: Call, user_name: str | None) -> User:
    user = find_user_or_caller(call, user_name)
    if user is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return user


def _new_secret(service_name: str, alias: str) -> _Secret:
    secret = base64.b64encode(secrets.token_bytes(33)).decode("ascii")
    prefix = _SERVICES[service_name]
    if prefix is not None:
        secret = prefix + base64.b64encode(f"{alias}:{secret}".encode()).decode("ascii")
    return _Secret(secret, hashlib.sha256(secret.encode("ascii")).digest())


def _joined() -> Any:
    return select(credentials.c.credential_id.label("sorted_by"), credentials, users.c.user_name).join(
        users, users.c.user_id == credentials.c.user_id
    )


def _find(call: Call, user: User, credential_id: str) -> Row[Any]:
    row: Row[Any] | None = call.connection.execute(
        _joined().where(credentials.c.user_id == user.user_id, credentials.c.credential_id == credential_id)
    ).one_or_none()
    if row is None:
        raise NoSuchEntity(f"No such credential {credential_id} exists")
    return row


def _describe(row: Row[Any], now: datetime) -> dict[str, Any]:
    is_key = _SERVICES[row.service_name] is not None
    has_expired = row.expires_at is not None and row.expires_at <= now
    return {
        "UserName": row.user_name,
        "Status": "Expired" if has_expired else row.status,
        "ServiceUserName": None if is_key else row.alias,
        "ServiceCredentialAlias": row.alias if is_key else None,
        "CreateDate": row.created_at,
        "ExpirationDate": row.expires_at,
        "ServiceSpecificCredentialId": row.credential_id,
        "ServiceName": row.service_name,
    }


def _describe_with(call: Call, row: Row[Any], secret: _Secret) -> dict[str, Any]:
    """Describe a credential together with its secret."""
    is_key = _SERVICES[row.service_name] is not None
    return _describe(row, call.now) | {"ServiceCredentialSecret" if is_key else "ServicePassword": secret.text}
