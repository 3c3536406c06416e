"""IAM users."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, delete, select

from keywright.services.iam.boundaries import check_boundary, describe_boundary
from keywright.services.iam.entities import (
    USER,
    Entity,
    below_path,
    existing,
    find,
    make,
    page_below,
    refuse_left_behind,
    rename,
    renaming,
    to_be_made,
)
from keywright.services.iam.errors import ValidationError
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.reserved_paths import refuse_reserved_path
from keywright.services.iam.tags import Tag, add_tags, all_tags, tagging
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import (
    access_keys,
    accounts,
    group_memberships,
    login_profiles,
    mfa_devices,
    service_specific_credentials,
    signing_certificates,
    ssh_public_keys,
    user_policies,
    user_policy_attachments,
    user_tags,
    users,
)

User = Entity
"""A row of `users`."""

# AWS: DeleteUser names the first of these that is left; the wording is quoted in many public reports.
_LEFT_BEHIND: tuple[tuple[Table, str], ...] = (
    (user_policy_attachments, "Cannot delete entity, must detach all policies first."),
    (user_policies, "Cannot delete entity, must delete policies first."),
    (access_keys, "Cannot delete entity, must delete access keys first."),
    (login_profiles, "Cannot delete entity, must delete login profile first."),
    (group_memberships, "Cannot delete entity, must remove users from group first."),
    (mfa_devices, "Cannot delete entity, must delete MFA device first."),
    (signing_certificates, "Cannot delete entity, must delete signing certificates first."),
    (ssh_public_keys, "Cannot delete entity, must remove referenced objects first."),
    (service_specific_credentials, "Cannot delete entity, must remove referenced objects first."),
)


def find_user(call: Call, user_name: str) -> User:
    """
    Find a user of the calling account by name, in whatever case.

    Raises: NoSuchEntity.
    """
    return find(call, USER, user_name)


def find_user_or_caller(call: Call, user_name: str | None) -> User | None:
    """
    Find the named user; without a name the calling one, which is None for the root user.

    Raises: NoSuchEntity; ValidationError (a session of a role or a federated user, which is no user).
    """
    if user_name is not None:
        return find_user(call, user_name)
    if call.caller.kind == "Root":
        return None
    if call.caller.user_name is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return find_user(call, call.caller.user_name)


def user_arn(account_id: str, user: User) -> str:
    """Name a user."""
    return USER.arn(account_id, user)


def existing_user(call: Call, inputs: Inputs) -> Target:
    """Name the user that is acted upon; without a name in the request, the caller."""
    if inputs.get("user_name") is None:
        return Target(call.caller.arn, f"user {call.caller.user_name}")
    return existing(USER)(call, inputs)


@operation(resource=to_be_made(USER), also=tagging("iam:TagUser", to_be_made(USER)))
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
    refuse_reserved_path(path)
    if permissions_boundary is not None:
        check_boundary(call, permissions_boundary)
    user_id = make(call, USER, user_name, path, permissions_boundary_arn=permissions_boundary)
    add_tags(call.connection, user_tags, user_id, tags or [], "TagsPerUser")
    return {"User": _describe_fully(call, find_user(call, user_name))}


@operation(resource=existing_user)
def get_user(call: Call, *, user_name: str | None = None) -> Result:
    """
    Describe a user; without a name, the one who asks.

    Raises: NoSuchEntity.
    """
    user = find_user_or_caller(call, user_name)
    if user is not None:
        return {"User": _describe_fully(call, user)}
    created_at = call.connection.execute(
        select(accounts.c.created_at).where(accounts.c.account_id == call.account_id)
    ).scalar_one()
    return {"User": {"UserId": call.account_id, "Arn": call.caller.arn, "CreateDate": created_at}}


@operation(resource=below_path(USER))
def list_users(
    call: Call, *, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's users by name, without their tags and boundaries, as AWS does."""
    rows, truncation = page_below(call, USER, path_prefix, PageRequest(marker, max_items))
    return {"Users": [describe_user(call, row) for row in rows], **truncation}


@operation(resource=existing_user, also=renaming("iam:UpdateUser", USER))
def update_user(call: Call, *, user_name: str, new_path: str | None = None, new_user_name: str | None = None) -> Result:
    """
    Rename a user or move it to another path. Its id, keys and policies stay; its ARN does not.

    Raises: NoSuchEntity; EntityAlreadyExists; InvalidInput (a path that only AWS uses).
    """
    if new_path is not None:
        refuse_reserved_path(new_path)
    rename(call, USER, find_user(call, user_name), new_user_name, new_path)
    return None


@operation(resource=existing_user)
def delete_user(call: Call, *, user_name: str) -> Result:
    """
    Delete a user who has nothing left.

    Raises: NoSuchEntity; DeleteConflict.
    """
    user = find_user(call, user_name)
    refuse_left_behind(call, USER, user, _LEFT_BEHIND)
    call.connection.execute(delete(users).where(users.c.user_id == user.user_id))
    return None


def describe_user(call: Call, user: User) -> dict[str, Any]:
    """Describe a user as lists do: without tags and boundary."""
    return {
        "Path": user.path,
        "UserName": user.user_name,
        "UserId": user.user_id,
        "Arn": user_arn(call.account_id, user),
        "CreateDate": user.created_at,
        "PasswordLastUsed": user.password_last_used,
    }


def _describe_fully(call: Call, user: User) -> dict[str, Any]:
    return describe_user(call, user) | {
        "PermissionsBoundary": describe_boundary(user.permissions_boundary_arn),
        "Tags": all_tags(call.connection, user_tags, user.user_id) or None,
    }
