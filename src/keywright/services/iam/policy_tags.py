"""The tags of managed policies."""

from __future__ import annotations

from keywright.services.iam.managed import existing_policy, find_own_policy, find_policy
from keywright.services.iam.pages import PageRequest
from keywright.services.iam.tags import Tag, add_tags, list_tags, remove_tags
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import policy_tags


@operation(resource=existing_policy)
def tag_policy(call: Call, *, policy_arn: str, tags: list[Tag]) -> Result:
    """
    Set tags on a policy of the account's own.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded (TagsPerPolicy).
    """
    add_tags(call.connection, policy_tags, find_own_policy(call, policy_arn).policy_id, tags, "TagsPerPolicy")
    return None


@operation(resource=existing_policy)
def untag_policy(call: Call, *, policy_arn: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a policy of the account's own.

    Raises: NoSuchEntity.
    """
    remove_tags(call.connection, policy_tags, find_own_policy(call, policy_arn).policy_id, tag_keys)
    return None


@operation(resource=existing_policy)
def list_policy_tags(call: Call, *, policy_arn: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """
    List a policy's tags by key; AWS's own policies have none.

    Raises: NoSuchEntity.
    """
    policy = find_policy(call, policy_arn)
    return list_tags(call.connection, policy_tags, policy.policy_id, PageRequest(marker, max_items))
