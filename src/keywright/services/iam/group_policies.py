"""The inline policies of groups."""

from __future__ import annotations

from keywright.services.iam.groups import existing_group, find_group
from keywright.services.iam.inline_policies import (
    delete_inline_policy,
    get_inline_policy,
    list_inline_policies,
    put_inline_policy,
)
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.policy_bearers import GROUPS
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_group)
def put_group_policy(call: Call, *, group_name: str, policy_name: str, policy_document: str) -> Result:
    """
    Set a policy that is part of the group.

    Raises: NoSuchEntity; MalformedPolicyDocument; LimitExceeded (5,120 characters over all of the group's).
    """
    put_inline_policy(call, GROUPS, find_group(call, group_name), policy_name, policy_document)
    return None


@operation(resource=existing_group)
def get_group_policy(call: Call, *, group_name: str, policy_name: str) -> Result:
    """
    Give a policy that is part of the group.

    Raises: NoSuchEntity.
    """
    group = find_group(call, group_name)
    return {"GroupName": group.group_name, **get_inline_policy(call, GROUPS, group, policy_name)}


@operation(resource=existing_group)
def list_group_policies(
    call: Call, *, group_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the names of the policies that are part of the group.

    Raises: NoSuchEntity.
    """
    return list_inline_policies(call, GROUPS, find_group(call, group_name), PageRequest(marker, max_items))


@operation(resource=existing_group)
def delete_group_policy(call: Call, *, group_name: str, policy_name: str) -> Result:
    """
    Delete a policy that is part of the group.

    Raises: NoSuchEntity.
    """
    delete_inline_policy(call, GROUPS, find_group(call, group_name), policy_name)
    return None
