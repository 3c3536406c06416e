"""Access keys: what signs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update

from keywright.aws.identifiers import new_access_key_id, new_secret_access_key
from keywright.aws.quotas import ACCESS_KEYS_PER_USER
from keywright.services.iam.errors import InvalidInput, NoSuchEntity, quota_exceeded
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import User, existing_user, find_user_or_caller, user_arn
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import access_keys, users


def key_owner(call: Call, inputs: Inputs) -> Target:
    """Name the user whose key it is, as GetAccessKeyLastUsed asks; a key of nobody here is of nobody's user."""
    row = call.connection.execute(
        select(users)
        .join(access_keys, access_keys.c.user_id == users.c.user_id)
        .where(access_keys.c.access_key_id == inputs["access_key_id"], users.c.account_id == call.account_id)
    ).one_or_none()
    return Target("*") if row is None else Target(user_arn(call.account_id, row), f"user {row.user_name}")


@operation(resource=existing_user)
def create_access_key(call: Call, *, user_name: str | None = None) -> Result:
    """
    Mint a long-term credential. The secret is in this answer and nowhere else.

    Raises: NoSuchEntity; LimitExceeded (AccessKeysPerUser).
    """
    user = find_user_or_caller(call, user_name)
    count = call.connection.execute(
        select(func.count()).select_from(access_keys).where(_owned_by(call, user))
    ).scalar_one()
    if count >= ACCESS_KEYS_PER_USER:
        raise quota_exceeded("AccessKeysPerUser", ACCESS_KEYS_PER_USER)
    access_key_id = new_access_key_id(call.account_id)
    secret = new_secret_access_key()
    call.connection.execute(
        insert(access_keys).values(
            access_key_id=access_key_id,
            account_id=call.account_id,
            user_id=None if user is None else user.user_id,
            sealed_secret=call.sealer.seal(secret.encode("ascii"), f"access_keys/{access_key_id}"),
            status="Active",
            created_at=call.now,
        )
    )
    return {
        "AccessKey": {
            "UserName": None if user is None else user.user_name,
            "AccessKeyId": access_key_id,
            "Status": "Active",
            "SecretAccessKey": secret,
            "CreateDate": call.now,
        }
    }


@operation(resource=existing_user)
def list_access_keys(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a user's keys, without their secrets.

    Raises: NoSuchEntity.
    """
    user = find_user_or_caller(call, user_name)
    statement = select(access_keys.c.access_key_id, access_keys.c.status, access_keys.c.created_at).where(
        _owned_by(call, user)
    )
    rows, truncation = read_page(
        call.connection, statement, [access_keys.c.access_key_id], PageRequest(marker, max_items)
    )
    keys = [
        {
            "UserName": None if user is None else user.user_name,
            "AccessKeyId": row.access_key_id,
            "Status": row.status,
            "CreateDate": row.created_at,
        }
        for row in rows
    ]
    return {"AccessKeyMetadata": keys, **truncation}


@operation(resource=existing_user)
def update_access_key(call: Call, *, access_key_id: str, status: str, user_name: str | None = None) -> Result:
    """
    Activate or deactivate a key; an inactive one does not sign.

    Raises: NoSuchEntity; InvalidInput (a key cannot be set to Expired).
    """
    user = find_user_or_caller(call, user_name)
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid for UpdateAccessKey.")
    key = _find(call, user, access_key_id)
    call.connection.execute(
        update(access_keys).where(access_keys.c.access_key_id == key.access_key_id).values(status=status)
    )
    return None


@operation(resource=existing_user)
def delete_access_key(call: Call, *, access_key_id: str, user_name: str | None = None) -> Result:
    """
    Delete a key.

    Raises: NoSuchEntity.
    """
    key = _find(call, find_user_or_caller(call, user_name), access_key_id)
    call.connection.execute(delete(access_keys).where(access_keys.c.access_key_id == key.access_key_id))
    return None


@operation(resource=key_owner)
def get_access_key_last_used(call: Call, *, access_key_id: str) -> Result:
    """
    Tell when, for which service and in which region a key was last used.

    Raises: NoSuchEntity.
    """
    row = call.connection.execute(
        select(access_keys, users.c.user_name)
        .outerjoin(users, users.c.user_id == access_keys.c.user_id)
        .where(access_keys.c.access_key_id == access_key_id, access_keys.c.account_id == call.account_id)
    ).one_or_none()
    if row is None:
        raise _no_such_key(access_key_id)
    return {
        "UserName": row.user_name,
        "AccessKeyLastUsed": {
            "LastUsedDate": row.last_used_at,
            "ServiceName": row.last_used_service or "N/A",
            "Region": row.last_used_region or "N/A",
        },
    }


def _owned_by(call: Call, user: User | None) -> ColumnElement[bool]:
    """Select the keys of a user; without one, the account's root user's."""
    user_id = None if user is None else user.user_id
    if user_id is not None:
        return and_(access_keys.c.user_id == user_id)
    return and_(access_keys.c.account_id == call.account_id, access_keys.c.user_id.is_(None))


def _find(call: Call, user: User | None, access_key_id: str) -> Row[Any]:
    row = call.connection.execute(
        select(access_keys.c.access_key_id).where(_owned_by(call, user), access_keys.c.access_key_id == access_key_id)
    ).one_or_none()
    if row is None:
        raise _no_such_key(access_key_id)
    return row


def _no_such_key(access_key_id: str) -> NoSuchEntity:
    return NoSuchEntity(f"The Access Key with id {access_key_id} cannot be found.")
