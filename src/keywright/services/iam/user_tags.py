"""The tags of IAM users."""

from __future__ import annotations

from keywright.services.iam.pages import PageRequest
from keywright.services.iam.tags import Tag, add_tags, list_tags, remove_tags
from keywright.services.iam.users import existing_user, find_user
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import user_tags


@operation(resource=existing_user)
def tag_user(call: Call, *, user_name: str, tags: list[Tag]) -> Result:
    """
    Set tags on a user.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded (TagsPerUser).
    """
    add_tags(call.connection, user_tags, find_user(call, user_name).user_id, tags, "TagsPerUser")
    return None


@operation(resource=existing_user)
def untag_user(call: Call, *, user_name: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a user.

    Raises: NoSuchEntity.
    """
    remove_tags(call.connection, user_tags, find_user(call, user_name).user_id, tag_keys)
    return None


@operation(resource=existing_user)
def list_user_tags(call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """
    List a user's tags by key.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    return list_tags(call.connection, user_tags, user.user_id, PageRequest(marker, max_items))
