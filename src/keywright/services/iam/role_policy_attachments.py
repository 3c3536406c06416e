"""The managed policies that roles bear."""

from __future__ import annotations

from keywright.services.iam.pages import PageRequest
from keywright.services.iam.policy_attachments import attach_policy, detach_policy, list_attached_policies
from keywright.services.iam.policy_bearers import ROLES
from keywright.services.iam.roles import existing_role, find_modifiable_role, find_role
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_role)
def attach_role_policy(call: Call, *, role_name: str, policy_arn: str) -> Result:
    """
    Attach a managed policy; one that is attached already stays so.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable; LimitExceeded (PoliciesPerRole); UnmodifiableEntity.
    """
    attach_policy(call, ROLES, find_modifiable_role(call, role_name), policy_arn)
    return None


@operation(resource=existing_role)
def detach_role_policy(call: Call, *, role_name: str, policy_arn: str) -> Result:
    """
    Detach a managed policy.

    Raises: NoSuchEntity; UnmodifiableEntity.
    """
    detach_policy(call, ROLES, find_modifiable_role(call, role_name), policy_arn)
    return None


@operation(resource=existing_role)
def list_attached_role_policies(
    call: Call, *, role_name: str, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the managed policies that a role bears, by ARN.

    Raises: NoSuchEntity.
    """
    role = find_role(call, role_name)
    return list_attached_policies(call, ROLES, role, path_prefix, PageRequest(marker, max_items))
