"""IAM roles."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, delete, update

from keywright.services.iam.boundaries import check_boundary, describe_boundary
from keywright.services.iam.documents import for_answer
from keywright.services.iam.entities import (
    ROLE,
    Entity,
    below_path,
    existing,
    find,
    make,
    page_below,
    refuse_left_behind,
    to_be_made,
)
from keywright.services.iam.errors import UnmodifiableEntity
from keywright.services.iam.managed import SERVICE_LINKED_PATH
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.reserved_paths import refuse_reserved_path
from keywright.services.iam.tags import Tag, add_tags, all_tags, tagging
from keywright.services.iam.trust_policies import read_trust_policy, show_trust_policy
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import instance_profiles, role_policies, role_policy_attachments, role_tags, roles

Role = Entity
"""A row of `roles`."""

existing_role: Final = existing(ROLE)
new_role: Final = to_be_made(ROLE)

_DEFAULT_SESSION_SECONDS: Final = 3600
# AWS: DeleteRole names the first of these that is left; the wording is quoted in many public reports.
_LEFT_BEHIND: Final[tuple[tuple[Table, str], ...]] = (
    (instance_profiles, "Cannot delete entity, must remove roles from instance profile first."),
    (role_policy_attachments, "Cannot delete entity, must detach all policies first."),
    (role_policies, "Cannot delete entity, must delete policies first."),
)


def find_role(call: Call, role_name: str) -> Role:
    """
    Find a role of the calling account by name, in whatever case.

    Raises: NoSuchEntity.
    """
    return find(call, ROLE, role_name)


def is_service_linked(role: Role) -> bool:
    """Tell whether a role is its service's own."""
    path: str = role.path
    return path.startswith(SERVICE_LINKED_PATH)


def find_modifiable_role(call: Call, role_name: str) -> Role:
    """
    Find a role that its account may change.

    Raises: NoSuchEntity; UnmodifiableEntity (it is service-linked).
    """
    role = find_role(call, role_name)
    if is_service_linked(role):
        raise UnmodifiableEntity(
            f"Cannot perform the operation on the protected role '{role.role_name}' - "
            "this role is only modifiable by AWS"
        )
    return role


def describe_role(call: Call, role: Role) -> dict[str, Any]:
    """Describe a role as lists do: without tags, boundary and last use."""
    return {
        "Path": role.path,
        "RoleName": role.role_name,
        "RoleId": role.role_id,
        "Arn": ROLE.arn(call.account_id, role),
        "CreateDate": role.created_at,
        "AssumeRolePolicyDocument": for_answer(show_trust_policy(call, role.trust_policy)),
        "Description": role.description,
        "MaxSessionDuration": role.max_session_duration_seconds,
    }


def describe_last_use(role: Role) -> dict[str, Any]:
    """Say when and where a role was last used: nothing for one that never was."""
    return {"LastUsedDate": role.last_used_at, "Region": role.last_used_region}


@operation(resource=new_role, also=tagging("iam:TagRole", new_role))
def create_role(
    call: Call,
    *,
    role_name: str,
    assume_role_policy_document: str,
    path: str = "/",
    description: str | None = None,
    max_session_duration: int = _DEFAULT_SESSION_SECONDS,
    permissions_boundary: str | None = None,
    tags: list[Tag] | None = None,
) -> Result:
    """
    Make a role, which those may assume whom its trust policy names.

    Raises: EntityAlreadyExists; MalformedPolicyDocument; LimitExceeded (RolesPerAccount, ACLSizePerRole, TagsPerRole);
    NoSuchEntity (boundary); InvalidInput (a path that only AWS uses, a boundary that is none).
    """
    refuse_reserved_path(path)
    if permissions_boundary is not None:
        check_boundary(call, permissions_boundary)
    role_id = make(
        call,
        ROLE,
        role_name,
        path,
        trust_policy=read_trust_policy(call, assume_role_policy_document),
        description=description,
        max_session_duration_seconds=max_session_duration,
        permissions_boundary_arn=permissions_boundary,
    )
    add_tags(call.connection, role_tags, role_id, tags or [], "TagsPerRole")
    role = find_role(call, role_name)
    described = describe_role(call, role) | _details(call, role)
    # AWS: the answer to CreateRole does not say how long a session may last (API reference, "CreateRole").
    del described["MaxSessionDuration"]
    return {"Role": described}


@operation(resource=existing_role)
def get_role(call: Call, *, role_name: str) -> Result:
    """
    Describe a role, with its last use.

    Raises: NoSuchEntity.
    """
    role = find_role(call, role_name)
    return {"Role": describe_role(call, role) | _details(call, role) | {"RoleLastUsed": describe_last_use(role)}}


@operation(resource=below_path(ROLE))
def list_roles(
    call: Call, *, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's roles by name, without tags, boundaries and last uses, as AWS does."""
    rows, truncation = page_below(call, ROLE, path_prefix, PageRequest(marker, max_items))
    return {"Roles": [describe_role(call, row) for row in rows], **truncation}


@operation(resource=existing_role)
def update_role(
    call: Call,
    *,
    role_name: str,
    description: str | None = None,
    max_session_duration: int | None = None,
) -> Result:
    """
    Change a role's description and how long its sessions may last; what the request lacks stays as it is.

    AWS: the model says that without a value "the default value of one hour is applied", but 7200 seconds stayed 7200
    when only a description came, and when nothing did (recorded 2026-09-12).
    Raises: NoSuchEntity; UnmodifiableEntity (a service-linked role's duration).
    """
    role = find_role(call, role_name)
    if max_session_duration is not None and is_service_linked(role):
        # AWS: recorded 2026-09-11; its description is the account's to edit.
        raise UnmodifiableEntity(
            f"{role.role_name} is an AWS service linked role, max session duration cannot be changed."
        )
    values = {"description": description, "max_session_duration_seconds": max_session_duration}
    changes = {name: value for name, value in values.items() if value is not None}
    if changes:
        _change(call, role, **changes)
    return {}


@operation(resource=existing_role)
def update_role_description(call: Call, *, role_name: str, description: str) -> Result:
    """
    Change a role's description; a service-linked role's, too.

    Raises: NoSuchEntity.
    """
    _change(call, find_role(call, role_name), description=description)
    described = describe_role(call, find_role(call, role_name))
    # AWS: without boundary, tags and duration, which the role had (recorded 2026-09-11).
    del described["MaxSessionDuration"]
    return {"Role": described}


@operation(resource=existing_role)
def update_assume_role_policy(call: Call, *, role_name: str, policy_document: str) -> Result:
    """
    Put another trust policy in place.

    Raises: NoSuchEntity; MalformedPolicyDocument; LimitExceeded (ACLSizePerRole); UnmodifiableEntity.
    """
    role = find_modifiable_role(call, role_name)
    _change(call, role, trust_policy=read_trust_policy(call, policy_document))
    return None


@operation(resource=existing_role)
def delete_role(call: Call, *, role_name: str) -> Result:
    """
    Delete a role that has nothing left.

    Raises: NoSuchEntity; DeleteConflict; UnmodifiableEntity.
    """
    role = find_modifiable_role(call, role_name)
    refuse_left_behind(call, ROLE, role, _LEFT_BEHIND)
    call.connection.execute(delete(roles).where(roles.c.role_id == role.role_id))
    return None


def _change(call: Call, role: Role, **values: Any) -> None:
    call.connection.execute(update(roles).where(roles.c.role_id == role.role_id).values(values))


def _details(call: Call, role: Role) -> dict[str, Any]:
    return {
        "PermissionsBoundary": describe_boundary(role.permissions_boundary_arn),
        "Tags": all_tags(call.connection, role_tags, role.role_id) or None,
    }
