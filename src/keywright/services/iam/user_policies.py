"""The inline policies of users."""

from __future__ import annotations

from keywright.services.iam.inline_policies import (
    delete_inline_policy,
    get_inline_policy,
    list_inline_policies,
    put_inline_policy,
)
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.policy_bearers import USERS
from keywright.services.iam.users import existing_user, find_user
from keywright.services.operation import Call, Result, operation


@operation(resource=existing_user)
def put_user_policy(call: Call, *, user_name: str, policy_name: str, policy_document: str) -> Result:
    """
    Set a policy that is part of the user.

    Raises: NoSuchEntity; MalformedPolicyDocument; LimitExceeded (2,048 characters over all of the user's).
    """
    put_inline_policy(call, USERS, find_user(call, user_name), policy_name, policy_document)
    return None


@operation(resource=existing_user)
def get_user_policy(call: Call, *, user_name: str, policy_name: str) -> Result:
    """
    Give a policy that is part of the user.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    return {"UserName": user.user_name, **get_inline_policy(call, USERS, user, policy_name)}


@operation(resource=existing_user)
def list_user_policies(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the names of the policies that are part of the user.

    Raises: NoSuchEntity.
    """
    return list_inline_policies(call, USERS, find_user(call, user_name), PageRequest(marker, max_items))


@operation(resource=existing_user)
def delete_user_policy(call: Call, *, user_name: str, policy_name: str) -> Result:
    """
    Delete a policy that is part of the user.

    Raises: NoSuchEntity.
    """
    delete_inline_policy(call, USERS, find_user(call, user_name), policy_name)
    return None
