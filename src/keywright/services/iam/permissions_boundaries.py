"""The permissions boundaries of users and roles, set and taken away."""

from __future__ import annotations

from sqlalchemy import update

from keywright.services.iam.boundaries import check_boundary
from keywright.services.iam.entities import ROLE, USER, Entity, EntityKind
from keywright.services.iam.roles import existing_role, find_modifiable_role
from keywright.services.iam.users import existing_user, find_user
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_user)
def put_user_permissions_boundary(call: Call, *, user_name: str, permissions_boundary: str) -> Result:
    """
    Bound what a user may do by a managed policy, in place of the one that did.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable.
    """
    user = find_user(call, user_name)
    check_boundary(call, permissions_boundary)
    _set(call, USER, user, permissions_boundary)
    return None


@operation(resource=existing_user)
def delete_user_permissions_boundary(call: Call, *, user_name: str) -> Result:
    """
    Take a user's boundary away; one that has none stays so.

    Raises: NoSuchEntity.
    """
    _set(call, USER, find_user(call, user_name), None)
    return None


@operation(resource=existing_role)
def put_role_permissions_boundary(call: Call, *, role_name: str, permissions_boundary: str) -> Result:
    """
    Bound what a role may do by a managed policy, in place of the one that did.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable; UnmodifiableEntity.
    """
    role = find_modifiable_role(call, role_name)
    check_boundary(call, permissions_boundary)
    _set(call, ROLE, role, permissions_boundary)
    return None


@operation(resource=existing_role)
def delete_role_permissions_boundary(call: Call, *, role_name: str) -> Result:
    """
    Take a role's boundary away; one that has none stays so.

    Raises: NoSuchEntity; UnmodifiableEntity.
    """
    _set(call, ROLE, find_modifiable_role(call, role_name), None)
    return None


def _set(call: Call, kind: EntityKind, bounded: Entity, policy_arn: str | None) -> None:
    call.connection.execute(
        update(kind.table)
        .where(kind.table.columns[0] == kind.row_id(bounded))
        .values(permissions_boundary_arn=policy_arn)
    )
