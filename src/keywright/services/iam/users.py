"""IAM users."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.aws.arn import iam_arn
from keywright.aws.identifiers import new_unique_id
from keywright.aws.quotas import USERS_PER_ACCOUNT
from keywright.services.iam.boundaries import check_boundary, describe_boundary
from keywright.services.iam.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity, quota_exceeded
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.tags import Tag, add_tags, all_tags
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import (
    access_keys,
    accounts,
    login_profiles,
    user_policies,
    user_policy_attachments,
    user_tags,
    users,
)

User = Row[Any]
"""A row of `users`."""

# AWS: DeleteUser names the first of these that is left; the wording is quoted in many public reports.
_LEFT_BEHIND: tuple[tuple[Table, str], ...] = (
    (user_policy_attachments, "Cannot delete entity, must detach all policies first."),
    (user_policies, "Cannot delete entity, must delete policies first."),
    (access_keys, "Cannot delete entity, must delete access keys first."),
    (login_profiles, "Cannot delete entity, must delete login profile first."),
)


def find_user(call: Call, user_name: str) -> User:
    """
    Find a user of the calling account by name, in whatever case.

    Raises: NoSuchEntity.
    """
    user = _look_up(call.connection, call.account_id, user_name)
    if user is None:
        raise NoSuchEntity(f"The user with name {user_name} cannot be found.")
    return user


def find_user_or_caller(call: Call, user_name: str | None) -> User | None:
    """
    Find the named user; without a name the calling one, which is None for the root user.

    Raises: NoSuchEntity.
    """
    if user_name is not None:
        return find_user(call, user_name)
    if call.caller.user_name is None:
        return None
    return find_user(call, call.caller.user_name)


def user_arn(account_id: str, user: User) -> str:
    """Name a user."""
    return iam_arn(account_id, "user", user.path, user.user_name)


def existing_user(call: Call, inputs: Inputs) -> Target:
    """Name the user that is acted upon: as it is called where it exists, else as it would be."""
    name: str | None = inputs.get("user_name")
    if name is None:
        return Target(call.caller.arn, f"user {call.caller.user_name}")
    user = _look_up(call.connection, call.account_id, name)
    arn = iam_arn(call.account_id, "user", "/", name) if user is None else user_arn(call.account_id, user)
    return Target(arn, f"user {name}")


def new_user(call: Call, inputs: Inputs) -> Target:
    """Name the user that is to be made."""
    return Target(iam_arn(call.account_id, "user", inputs.get("path") or "/", inputs["user_name"]))


def user_path(call: Call, inputs: Inputs) -> Target:
    """Name the users below a path."""
    return Target(iam_arn(call.account_id, "user", inputs.get("path_prefix") or "/", ""))


@operation(resource=new_user)
def create_user(
    call: Call,
    *,
    user_name: str,
    path: str = "/",
    permissions_boundary: str | None = None,
    tags: list[Tag] | None = None,
) -> Result:
    """
    Make a user, who can do nothing yet.

    Raises: EntityAlreadyExists; LimitExceeded (UsersPerAccount, TagsPerUser); NoSuchEntity (boundary); InvalidInput.
    """
    connection, account_id = call.connection, call.account_id
    count = connection.execute(
        select(func.count()).select_from(users).where(users.c.account_id == account_id)
    ).scalar_one()
    if count >= USERS_PER_ACCOUNT:
        raise quota_exceeded("UsersPerAccount", USERS_PER_ACCOUNT)
    if permissions_boundary is not None:
        check_boundary(call, permissions_boundary)
    user_id = new_unique_id("AIDA", account_id)
    try:
        connection.execute(
            insert(users).values(
                user_id=user_id,
                account_id=account_id,
                user_name=user_name,
                user_name_key=user_name.casefold(),
                path=path,
                permissions_boundary_arn=permissions_boundary,
                created_at=call.now,
            )
        )
    except IntegrityError:
        raise EntityAlreadyExists(f"User with name {user_name} already exists.") from None
    add_tags(connection, user_tags, user_id, tags or [], "TagsPerUser")
    return {"User": _describe(call, find_user(call, user_name), with_tags=True)}


@operation(resource=existing_user)
def get_user(call: Call, *, user_name: str | None = None) -> Result:
    """
    Describe a user; without a name, the one who asks.

    Raises: NoSuchEntity.
    """
    user = find_user_or_caller(call, user_name)
    if user is not None:
        return {"User": _describe(call, user, with_tags=True)}
    created_at = call.connection.execute(
        select(accounts.c.created_at).where(accounts.c.account_id == call.account_id)
    ).scalar_one()
    return {"User": {"UserId": call.account_id, "Arn": call.caller.arn, "CreateDate": created_at}}


@operation(resource=user_path)
def list_users(
    call: Call, *, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's users by name, without their tags and boundaries, as AWS does."""
    statement = select(users.c.user_name_key, users).where(
        users.c.account_id == call.account_id, users.c.path.startswith(path_prefix, autoescape=True)
    )
    rows, truncation = read_page(call.connection, statement, [users.c.user_name_key], PageRequest(marker, max_items))
    return {"Users": [_describe(call, row, with_tags=False) for row in rows], **truncation}


@operation(resource=existing_user)
def update_user(call: Call, *, user_name: str, new_path: str | None = None, new_user_name: str | None = None) -> Result:
    """
    Rename a user or move it to another path. Its id, keys and policies stay; its ARN does not.

    Raises: NoSuchEntity; EntityAlreadyExists.
    """
    user = find_user(call, user_name)
    name = user.user_name if new_user_name is None else new_user_name
    try:
        call.connection.execute(
            update(users)
            .where(users.c.user_id == user.user_id)
            .values(user_name=name, user_name_key=name.casefold(), path=user.path if new_path is None else new_path)
        )
    except IntegrityError:
        raise EntityAlreadyExists(f"User with name {new_user_name} already exists.") from None
    return None


@operation(resource=existing_user)
def delete_user(call: Call, *, user_name: str) -> Result:
    """
    Delete a user who has nothing left.

    Raises: NoSuchEntity; DeleteConflict.
    """
    user = find_user(call, user_name)
    for table, message in _LEFT_BEHIND:
        if call.connection.execute(
            select(1).select_from(table).where(table.c.user_id == user.user_id).limit(1)
        ).first():
            raise DeleteConflict(message)
    call.connection.execute(delete(users).where(users.c.user_id == user.user_id))
    return None


def _look_up(connection: Connection, account_id: str, user_name: str) -> User | None:
    return connection.execute(
        select(users).where(users.c.account_id == account_id, users.c.user_name_key == user_name.casefold())
    ).one_or_none()


def _describe(call: Call, user: User, *, with_tags: bool) -> dict[str, Any]:
    description = {
        "Path": user.path,
        "UserName": user.user_name,
        "UserId": user.user_id,
        "Arn": user_arn(call.account_id, user),
        "CreateDate": user.created_at,
        "PasswordLastUsed": user.password_last_used,
    }
    if with_tags:
        description["PermissionsBoundary"] = describe_boundary(user.permissions_boundary_arn)
        description["Tags"] = all_tags(call.connection, user_tags, user.user_id) or None
    return description
