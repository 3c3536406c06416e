"""The managed policies that users bear."""

from __future__ import annotations

from keywright.services.iam.pages import PageRequest
from keywright.services.iam.policy_attachments import attach_policy, detach_policy, list_attached_policies
from keywright.services.iam.policy_bearers import USERS
from keywright.services.iam.users import existing_user, find_user
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_user)
def attach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> Result:
    """
    Attach a managed policy; one that is attached already stays so.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable; LimitExceeded (PoliciesPerUser).
    """
    attach_policy(call, USERS, find_user(call, user_name), policy_arn)
    return None


@operation(resource=existing_user)
def detach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> Result:
    """
    Detach a managed policy.

    Raises: NoSuchEntity.
    """
    detach_policy(call, USERS, find_user(call, user_name), policy_arn)
    return None


@operation(resource=existing_user)
def list_attached_user_policies(
    call: Call, *, user_name: str, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the managed policies that a user bears, by ARN.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    return list_attached_policies(call, USERS, user, path_prefix, PageRequest(marker, max_items))
