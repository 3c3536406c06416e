"""Who is in which group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, select

from keywright.aws.quotas import GROUPS_PER_USER
from keywright.services.iam.errors import NoSuchEntity, quota_exceeded
from keywright.services.iam.groups import Group, describe_group, existing_group, find_group
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import User, existing_user, find_user
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import group_memberships, groups


def groups_of(call: Call, user: User) -> Sequence[Group]:
    """Find the groups that a user is in, by name."""
    return call.connection.execute(_joined_by(user).order_by(groups.c.group_name_key)).all()


@operation(resource=existing_group)
def add_user_to_group(call: Call, *, group_name: str, user_name: str) -> Result:
    """
    Put a user into a group; one who is in it already stays so.

    Raises: NoSuchEntity; LimitExceeded (GroupsPerUser).
    """
    group, user = find_group(call, group_name), find_user(call, user_name)
    joined = set(
        call.connection.execute(
            select(group_memberships.c.group_id).where(group_memberships.c.user_id == user.user_id)
        ).scalars()
    )
    if group.group_id in joined:
        return None
    if len(joined) >= GROUPS_PER_USER:
        raise quota_exceeded("GroupsPerUser", GROUPS_PER_USER)
    call.connection.execute(insert(group_memberships).values(group_id=group.group_id, user_id=user.user_id))
    return None


@operation(resource=existing_group)
def remove_user_from_group(call: Call, *, group_name: str, user_name: str) -> Result:
    """
    Take a user out of a group.

    Raises: NoSuchEntity (no such group or user, or the user is not in it).
    """
    group, user = find_group(call, group_name), find_user(call, user_name)
    removed = call.connection.execute(
        delete(group_memberships).where(
            group_memberships.c.group_id == group.group_id, group_memberships.c.user_id == user.user_id
        )
    ).rowcount
    if not removed:
        raise NoSuchEntity(f"User {user.user_name} is not in group {group.group_name}.")
    return None


@operation(resource=existing_user)
def list_groups_for_user(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the groups that a user is in, by name.

    Raises: NoSuchEntity.
    """
    statement = _joined_by(find_user(call, user_name))
    rows, truncation = read_page(call.connection, statement, [groups.c.group_name_key], PageRequest(marker, max_items))
    return {"Groups": [describe_group(call, row) for row in rows], **truncation}


def _joined_by(user: User) -> Select[Any]:
    return (
        select(groups.c.group_name_key.label("sorted_by"), groups)
        .join(group_memberships, group_memberships.c.group_id == groups.c.group_id)
        .where(group_memberships.c.user_id == user.user_id)
    )
