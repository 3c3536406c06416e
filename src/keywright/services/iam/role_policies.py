"""The inline policies of roles."""

from __future__ import annotations

from keywright.services.iam.inline_policies import (
    delete_inline_policy,
    get_inline_policy,
    list_inline_policies,
    put_inline_policy,
)
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.policy_bearers import ROLES
from keywright.services.iam.roles import existing_role, find_modifiable_role, find_role
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_role)
def put_role_policy(call: Call, *, role_name: str, policy_name: str, policy_document: str) -> Result:
    """
    Set a policy that is part of the role.

    Raises: NoSuchEntity; MalformedPolicyDocument; LimitExceeded (10,240 characters over all of the role's);
    UnmodifiableEntity.
    """
    put_inline_policy(call, ROLES, find_modifiable_role(call, role_name), policy_name, policy_document)
    return None


@operation(resource=existing_role)
def get_role_policy(call: Call, *, role_name: str, policy_name: str) -> Result:
    """
    Give a policy that is part of the role.

    Raises: NoSuchEntity.
    """
    role = find_role(call, role_name)
    return {"RoleName": role.role_name, **get_inline_policy(call, ROLES, role, policy_name)}


@operation(resource=existing_role)
def list_role_policies(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the names of the policies that are part of the role.

    Raises: NoSuchEntity.
    """
    return list_inline_policies(call, ROLES, find_role(call, role_name), PageRequest(marker, max_items))


@operation(resource=existing_role)
def delete_role_policy(call: Call, *, role_name: str, policy_name: str) -> Result:
    """
    Delete a policy that is part of the role.

    Raises: NoSuchEntity; UnmodifiableEntity.
    """
    delete_inline_policy(call, ROLES, find_modifiable_role(call, role_name), policy_name)
    return None
