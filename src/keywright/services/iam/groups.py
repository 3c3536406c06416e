"""IAM groups."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, delete, select

from keywright.services.iam.entities import (
    GROUP,
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
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import describe_user
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import group_memberships, group_policies, group_policy_attachments, groups, users

Group = Entity
"""A row of `groups`."""

existing_group: Final = existing(GROUP)

# AWS: DeleteGroup names the first of these that is left (recorded: the first; the rest as DeleteUser says it).
_LEFT_BEHIND: Final[tuple[tuple[Table, str], ...]] = (
    (group_memberships, "Cannot delete entity, must remove users from group first."),
    (group_policy_attachments, "Cannot delete entity, must detach all policies first."),
    (group_policies, "Cannot delete entity, must delete policies first."),
)


def find_group(call: Call, group_name: str) -> Group:
    """
    Find a group of the calling account by name, in whatever case.

    Raises: NoSuchEntity.
    """
    return find(call, GROUP, group_name)


def describe_group(call: Call, group: Group) -> dict[str, Any]:
    """Describe a group."""
    return {
        "Path": group.path,
        "GroupName": group.group_name,
        "GroupId": group.group_id,
        "Arn": GROUP.arn(call.account_id, group),
        "CreateDate": group.created_at,
    }


@operation(resource=to_be_made(GROUP))
def create_group(call: Call, *, group_name: str, path: str = "/") -> Result:
    """
    Make a group, with nobody in it.

    Raises: EntityAlreadyExists; LimitExceeded (GroupsPerAccount).
    """
    make(call, GROUP, group_name, path)
    return {"Group": describe_group(call, find_group(call, group_name))}


@operation(resource=existing_group)
def get_group(call: Call, *, group_name: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """
    Describe a group, and list who is in it by name.

    Raises: NoSuchEntity.
    """
    group = find_group(call, group_name)
    statement = (
        select(users.c.user_name_key.label("sorted_by"), users)
        .join(group_memberships, group_memberships.c.user_id == users.c.user_id)
        .where(group_memberships.c.group_id == group.group_id)
    )
    rows, truncation = read_page(call.connection, statement, [users.c.user_name_key], PageRequest(marker, max_items))
    members = [describe_user(call, row) for row in rows]
    return {"Group": describe_group(call, group), "Users": members, **truncation}


@operation(resource=below_path(GROUP))
def list_groups(
    call: Call, *, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's groups by name."""
    rows, truncation = page_below(call, GROUP, path_prefix, PageRequest(marker, max_items))
    return {"Groups": [describe_group(call, row) for row in rows], **truncation}


@operation(resource=existing_group, also=renaming("iam:UpdateGroup", GROUP))
def update_group(
    call: Call, *, group_name: str, new_path: str | None = None, new_group_name: str | None = None
) -> Result:
    """
    Rename a group or move it to another path. Its id, members and policies stay; its ARN does not.

    Raises: NoSuchEntity; EntityAlreadyExists.
    """
    rename(call, GROUP, find_group(call, group_name), new_group_name, new_path)
    return None


@operation(resource=existing_group)
def delete_group(call: Call, *, group_name: str) -> Result:
    """
    Delete a group that nobody is in and that has no policies left.

    Raises: NoSuchEntity; DeleteConflict.
    """
    group = find_group(call, group_name)
    refuse_left_behind(call, GROUP, group, _LEFT_BEHIND)
    call.connection.execute(delete(groups).where(groups.c.group_id == group.group_id))
    return None
