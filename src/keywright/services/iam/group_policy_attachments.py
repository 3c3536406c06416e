"""The managed policies that groups bear."""

from __future__ import annotations

from keywright.services.iam.groups import existing_group, find_group
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.policy_attachments import attach_policy, detach_policy, list_attached_policies
from keywright.services.iam.policy_bearers import GROUPS
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_group)
def attach_group_policy(call: Call, *, group_name: str, policy_arn: str) -> Result:
    """
    Attach a managed policy; one that is attached already stays so.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable; LimitExceeded (PoliciesPerGroup).
    """
    attach_policy(call, GROUPS, find_group(call, group_name), policy_arn)
    return None


@operation(resource=existing_group)
def detach_group_policy(call: Call, *, group_name: str, policy_arn: str) -> Result:
    """
    Detach a managed policy.

    Raises: NoSuchEntity.
    """
    detach_policy(call, GROUPS, find_group(call, group_name), policy_arn)
    return None


@operation(resource=existing_group)
def list_attached_group_policies(
    call: Call, *, group_name: str, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the managed policies that a group bears, by ARN.

    Raises: NoSuchEntity.
    """
    group = find_group(call, group_name)
    return list_attached_policies(call, GROUPS, group, path_prefix, PageRequest(marker, max_items))
