"""The tags of IAM roles."""

from __future__ import annotations

from keywright.services.iam.pages import PageRequest
from keywright.services.iam.roles import existing_role, find_role
from keywright.services.iam.tags import Tag, add_tags, list_tags, remove_tags
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import role_tags


@operation(resource=existing_role)
def tag_role(call: Call, *, role_name: str, tags: list[Tag]) -> Result:
    """
    Set tags on a role.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded (TagsPerRole).
    """
    add_tags(call.connection, role_tags, find_role(call, role_name).role_id, tags, "TagsPerRole")
    return None


@operation(resource=existing_role)
def untag_role(call: Call, *, role_name: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a role.

    Raises: NoSuchEntity.
    """
    remove_tags(call.connection, role_tags, find_role(call, role_name).role_id, tag_keys)
    return None


@operation(resource=existing_role)
def list_role_tags(call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """
    List a role's tags by key.

    Raises: NoSuchEntity.
    """
    role = find_role(call, role_name)
    return list_tags(call.connection, role_tags, role.role_id, PageRequest(marker, max_items))
